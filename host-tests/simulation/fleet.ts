import { Session } from "../../firmware/mqtt/session.js";
import type { SessionEnd, SessionHandler } from "../../firmware/mqtt/types.js";
import { Link } from "../../firmware/net/link.js";
import type { LinkHandler } from "../../firmware/net/types.js";
import { Scheduler } from "../../firmware/runtime/scheduler.js";
import { VirtualBoard } from "../virtual/board.js";
import { type BrokerOptions, VirtualBroker } from "../virtual/broker.js";
import { type Server, VirtualInternet } from "../virtual/internet.js";
import { SntpServer } from "../virtual/sntp-server.js";
import { World } from "../virtual/world.js";

const BROKER = "10.0.0.1";
const TIME_SERVER = "10.0.0.2";
export const KEEP_ALIVE_S = 30;

/** A device that does nothing but being online: the link and the session of the firmware on a virtual board. */
export class LinkDevice implements SessionHandler, LinkHandler {
	readonly board: VirtualBoard;
	readonly link: Link;
	readonly session: Session;
	readonly panics: string[] = [];
	/** Every state, with the world's time. */
	readonly history: string[] = [];
	private readonly scheduler: Scheduler;

	constructor(internet: VirtualInternet, clientId: string) {
		this.board = new VirtualBoard({ internet });
		const { board } = this;
		this.scheduler = new Scheduler(board, { onPanic: (where, error) => this.panics.push(`${where}: ${error}`) });
		this.session = new Session(
			{ clientId, keepAliveS: KEEP_ALIVE_S, receiveBytesMax: 1_024, sendBytesMax: 1_024, inFlightMax: 4 },
			board.clock,
			board.text,
			this,
		);
		const brokers = [{ host: "broker.test", port: 1883 }];
		this.link = new Link(board, this.session, { brokers, timeServers: [TIME_SERVER] }, this);
		for (const task of [this.link, this.link.sntp, this.session]) this.scheduler.add(task);
	}

	start(): this {
		this.link.start();
		this.scheduler.settle();
		return this;
	}

	get isOnline(): boolean {
		return this.link.state === "online";
	}

	onOnline(): void {
		this.link.online();
	}

	onEnded(end: SessionEnd): void {
		this.link.ended(end);
	}

	onLink(): void {
		this.history.push(`${this.board.world.nowMs} ${this.link.state}`);
	}

	onSubscribed(): void {}
	onUnsubscribed(): void {}
	onMessage(): void {}
	onAcknowledged(): void {}
	onRoom(): void {}
	onBroker(): void {}
	onLeave(): void {}
}

/** Many of them, at one broker that can be stopped. */
export class Fleet {
	readonly world: World;
	readonly internet: VirtualInternet;
	readonly broker: VirtualBroker;
	readonly devices: LinkDevice[] = [];
	/** When each connection was accepted, milliseconds. */
	readonly acceptedMs: number[] = [];
	private server: Server | undefined;

	constructor(seed: number, options: BrokerOptions = {}) {
		this.world = new World(seed);
		this.internet = new VirtualInternet(this.world);
		this.internet.names.set("broker.test", BROKER);
		new SntpServer(this.internet, TIME_SERVER);
		this.broker = new VirtualBroker(this.world, new VirtualBoard().text, { logMax: 0, ...options });
		this.listen();
	}

	/** Adds devices that are switched on within `withinMs`. */
	add(count: number, withinMs: number, id = (n: number) => `device-${n}`): this {
		for (let n = 0; n < count; n++) {
			const device = new LinkDevice(this.internet, id(n));
			this.devices.push(device);
			this.world.after((n * withinMs) / count, () => device.start());
		}
		return this;
	}

	listen(): void {
		this.server = this.internet.listen(BROKER, 1883, (connection) => {
			this.acceptedMs.push(this.world.nowMs);
			return this.broker.accept(connection);
		});
	}

	/** The broker goes, with every connection, and comes back after `downMs`. */
	restart(downMs: number): void {
		this.server?.stop();
		this.broker.disconnect();
		this.world.advance(downMs);
		this.acceptedMs.length = 0;
		this.listen();
	}

	get online(): number {
		return this.devices.filter(({ isOnline }) => isOnline).length;
	}
}
