import { loadSettings } from "../../firmware/board/settings.js";
import { SimulatorBoard } from "../../firmware/board/simulator.js";
import type { Board, Hardware } from "../../firmware/ports/board.js";
import type { Alarm, AlarmHandler } from "../../firmware/ports/clock.js";
import type { Entry } from "../../firmware/ports/guard.js";
import type { NetworkHandler, ResolveHandler, Stream, StreamHandler } from "../../firmware/ports/network.js";

// MQTT 3.1.1, 3.1: CONNECT of client "t". The answer, CONNACK, is what `onData` throws at.
const CONNECT = [0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 1, 0x74];
const PINGREQ = 0xc0; // 3.12
const PINGS = 2_000; // more than a socket takes at once, so that the rest waits and `onWritable` follows
const PAUSE_MS = 100;

/** Not a device but a test of the board, run in the device's place: a firmware that throws in every callback the board has for it, and tells what it was asked to panic about. */
export class Thrower implements Entry, AlarmHandler, NetworkHandler, ResolveHandler, StreamHandler {
	private readonly board: Board;
	private readonly broker: { readonly host: string; readonly port: number };
	private readonly alarm: Alarm;
	private stream: Stream | undefined;
	private asked = false;
	private step = 0;

	constructor(board: Board, broker: { readonly host: string; readonly port: number }) {
		this.board = board;
		this.broker = broker;
		board.attach(this);
		this.alarm = board.alarm(this);
	}

	start(): void {
		this.board.network.start(this);
	}

	settle(): void {
		throw new Error("settle");
	}

	panic(_where: string, error: unknown): void {
		const { message } = error as Error;
		if (message !== "settle") this.board.log(`panic: ${message}`);
		throw new Error("panic");
	}

	onNetwork(): void {
		this.board.network.resolve(this.broker.host, this);
		throw new Error("onNetwork");
	}

	onResolved(_host: string, address: string | undefined): void {
		this.stream = this.board.network.connect({ address: address ?? "", port: this.broker.port }, this);
		throw new Error("onResolved");
	}

	onOpen(): void {
		this.stream?.write(Uint8Array.from(CONNECT), CONNECT.length);
		throw new Error("onOpen");
	}

	onData(): void {
		if (!this.asked) {
			this.asked = true;
			const pings = new Uint8Array(PINGS * 2);
			for (let at = 0; at < pings.length; at += 2) pings[at] = PINGREQ;
			this.stream?.write(pings, pings.length);
		}
		throw new Error("onData");
	}

	onWritable(): void {
		// Packet type 0 is forbidden (2.2.1): the broker hangs up.
		this.stream?.write(new Uint8Array(2), 2);
		throw new Error("onWritable");
	}

	onClose(): void {
		this.alarm.arm(PAUSE_MS);
		throw new Error("onClose");
	}

	onAlarm(): void {
		this.step++;
		if (this.step < 3) this.alarm.arm(PAUSE_MS);
		else this.board.log("still here");
		throw new Error(`onAlarm ${this.step}`);
	}
}

new Thrower(new SimulatorBoard({} as Hardware), loadSettings().broker).start();
