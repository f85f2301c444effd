import device from "../../../firmware/device.js";
import type { Board } from "../../../firmware/ports/board.js";
import type { Text } from "../../../firmware/ports/text.js";
import { type Running, run } from "../../../firmware/runtime/run.js";
import { Bme280Chip } from "../../virtual/bme280-chip.js";
import { VirtualBoard } from "../../virtual/board.js";
import { VirtualBroker } from "../../virtual/broker.js";
import { SntpServer } from "../../virtual/sntp-server.js";
import { World } from "../../virtual/world.js";

const TIME_SERVER = "10.0.0.2";
const BROKER = "10.0.0.1";
const HALF_WET = 0.575;

/**
 * The reference device on a virtual board, its broker and its time server, in a world of their own. Engine neutral: the
 * same on Node and on XS. Time moves only by `world.advance`.
 */
export class ReferenceBench {
	readonly world = new World();
	readonly board: VirtualBoard;
	readonly broker: VirtualBroker;
	readonly running: Running;
	/** How many messages came by, by the part of the topic after the device's own. */
	readonly counts = new Map<string, number>();
	/** The last of them; of events, the last of each entity. */
	readonly last = new Map<string, string>();

	/** `around` may put something between the board and the firmware. */
	constructor(text?: Text, around: (board: Board) => Board = (board) => board) {
		const { world } = this;
		this.board = new VirtualBoard(text === undefined ? { world } : { world, text });
		this.broker = new VirtualBroker(world, this.board.text, { logMax: 0 });
		this.wireParts();
		this.board.internet.listen(BROKER, 1883, this.broker.accept);
		this.board.internet.names.set("broker.test", BROKER);
		this.board.internet.names.set("pool.ntp.org", TIME_SERVER);
		new SntpServer(this.board.internet, TIME_SERVER);
		this.broker.observe("farpin/greenhouse/#", (message) => {
			const name = message.topic.slice("farpin/greenhouse/".length);
			this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
			const text = this.broker.textOf(message) as string;
			this.last.set(name === "event" ? `event of ${(JSON.parse(text) as { entity: string }).entity}` : name, text);
		});
		this.running = run(around(this.board), device, { id: "greenhouse", broker: { host: "broker.test", port: 1883 } });
	}

	/** The pin on which the part with this name in the device file sits. */
	pin(key: string): ReturnType<VirtualBoard["hardware"]["pins"]["at"]> {
		const use = device.parts.find((part) => part.key === key)?.definition.pins[0];
		if (use === undefined) throw new Error(`the reference device has no pin for ${key}`);
		return this.board.hardware.pins.at(use.pin);
	}

	/** A finger on a button for `ms`. */
	press(key: string, ms: number): void {
		this.pin(key).press();
		this.world.advance(ms);
		this.pin(key).letGo();
		this.world.advance(ms);
	}

	/** Loses the connection so many times, the network with it or (`dropped`) not, and waits each time until it is back. */
	lose(times: number, dropped: boolean): void {
		for (let n = 0; n < times; n++) {
			if (dropped) this.broker.disconnect();
			else this.board.network.lose("out of reach");
			const { link } = this.running;
			if (!this.world.until(() => link.state === "online", 300_000, 100))
				throw new Error(`${n}: not back: ${link.lastError}`);
			this.world.advance(dropped ? 31_000 : 500); // long enough to count as a good connection, where the broker ended it
		}
	}

	/** Everything that a test may want to know, in a form that survives the way out of another engine. */
	report(): Report {
		return {
			link: this.running.link.state,
			error: this.running.link.lastError ?? "",
			pump: this.pin("pump").value ?? -1,
			clients: this.broker.clients.size,
			violations: [...this.broker.violations],
			counts: Object.fromEntries(this.counts),
			last: Object.fromEntries(this.last),
			lines: this.board.lines.slice(-20),
		};
	}

	private wireParts(): void {
		for (const { definition } of device.parts) {
			if (definition.kind !== "sensor" || definition.bus === undefined) continue;
			const bus = device.buses[definition.bus];
			if (bus === undefined || definition.address === undefined) throw new Error("a sensor without a place");
			this.board.hardware.attach(new Bme280Chip(this.board.clock), { ...bus, address: definition.address });
		}
		this.pin("soil").fraction = HALF_WET;
	}
}

export interface Report {
	readonly link: string;
	readonly error: string;
	/** Level at the relay's pin: 0 is drawn in, the relay of the reference device is active low. */
	readonly pump: number;
	readonly clients: number;
	readonly violations: readonly string[];
	readonly counts: Readonly<Record<string, number>>;
	readonly last: Readonly<Record<string, string>>;
	readonly lines: readonly string[];
}
