import type { SessionEndKind } from "../../firmware/mqtt/types.js";
import { Link } from "../../firmware/net/link.js";
import type { BrokerAddress, LinkSession } from "../../firmware/net/types.js";
import type { Stream } from "../../firmware/ports/network.js";
import { Scheduler } from "../../firmware/runtime/scheduler.js";
import { VirtualBoard } from "../virtual/board.js";
import type { Connection } from "../virtual/internet.js";
import { SntpServer } from "../virtual/sntp-server.js";

export const ROOTS = [new Uint8Array([1])];
const TLS: BrokerAddress = { host: "broker.test", port: 8883, tls: { roots: ROOTS } };
export const PLAIN: BrokerAddress = { host: "broker.test", port: 1883 };

/** A session that is online as soon as its stream is open. */
class FakeSession implements LinkSession {
	link: Link | undefined;
	stream: Stream | undefined;
	readonly versions: number[] = [];
	/** Takes the connection and never says a word. */
	silent = false;
	/** Ends every session as soon as it is asked for. */
	refusal: SessionEndKind | undefined;

	open(stream: Stream, version: 4 | 5): void {
		this.stream = stream;
		this.versions.push(version);
	}

	close(): void {
		this.stream?.close();
		this.stream = undefined;
	}

	onOpen(): void {
		if (this.refusal !== undefined) this.link?.ended({ kind: this.refusal, reason: `refused: ${this.refusal}` });
		else if (!this.silent) this.link?.online();
	}

	onData(): void {}
	onWritable(): void {}

	onClose(reason: string): void {
		this.stream = undefined;
		this.link?.ended({ kind: "network", reason });
	}
}

/** A link on a virtual board, with its servers. */
export class LinkRig {
	readonly board = new VirtualBoard();
	readonly session = new FakeSession();
	readonly connections: Connection[] = [];
	readonly panics: string[] = [];
	/** Numbers of the brokers asked, one for each attempt. */
	readonly brokers: number[] = [];
	/** How often a good connection was given up for a better one. */
	goodbyes = 0;
	/** Every state entered, with its time and the last error. */
	readonly history: { atMs: number; state: string; error: string | undefined }[] = [];
	readonly link: Link;
	readonly time: SntpServer;
	private readonly scheduler: Scheduler;

	constructor(...brokers: readonly BrokerAddress[]) {
		const { board, session } = this;
		board.internet.names.set("broker.test", "10.0.0.1").set("time.test", "10.0.0.2");
		this.time = new SntpServer(board.internet, "10.0.0.2");
		this.listen();
		this.scheduler = new Scheduler(board, { onPanic: (where, error) => this.panics.push(`${where}: ${error}`) });
		this.link = new Link(
			board,
			session,
			{ brokers: brokers.length === 0 ? [TLS] : brokers, timeServers: ["time.test"] },
			{ onLink: () => this.note(), onBroker: (index) => this.brokers.push(index), onLeave: () => this.goodbyes++ },
		);
		session.link = this.link;
		this.scheduler.add(this.link);
		this.scheduler.add(this.link.sntp);
	}

	listen(names: readonly string[] = ["broker.test"]): void {
		const accept = (connection: Connection) => {
			this.connections.push(connection);
			return { onData: () => undefined, onClose: () => undefined };
		};
		this.board.internet.server("10.0.0.1", 8883)?.stop();
		this.board.internet.server("10.0.0.1", 1883)?.stop();
		this.board.internet.listen("10.0.0.1", 8883, accept, names);
		this.board.internet.listen("10.0.0.1", 1883, accept);
	}

	start(ms = 5_000): this {
		try {
			this.link.start();
		} finally {
			this.scheduler.settle();
		}
		this.board.world.advance(ms);
		return this;
	}

	/** As the platform would call it. */
	call(run: () => void): void {
		run();
		this.scheduler.settle();
	}

	note(): void {
		this.history.push({ atMs: this.board.world.nowMs, state: this.link.state, error: this.link.lastError });
	}

	get states(): string[] {
		return this.history.map(({ state }) => state);
	}

	/** How long each pause lasted, milliseconds. */
	get pauses(): number[] {
		return this.history.flatMap(({ state, atMs }, i) => {
			const next = this.history[i + 1];
			return state === "waiting" && next !== undefined ? [next.atMs - atMs] : [];
		});
	}
}
