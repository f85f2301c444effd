import type { Stream, StreamHandler, StreamOptions } from "../../firmware/ports/network.js";
import type { Calls } from "./calls.js";
import type { ConnectionHandler, Server, VirtualInternet } from "./internet.js";
import { type Path, Pipe } from "./pipe.js";
import type { Event } from "./world.js";

export interface Line extends Path {
	/** What the board's stack buffers before a write has to wait. */
	readonly sendBufferBytes: number;
	/** When a connection without any answer is given up. */
	readonly timeoutMs: number;
}

/** One connection between a board and a server. */
export class VirtualStream implements Stream {
	readonly options: StreamOptions;
	state: "opening" | "open" | "closed" = "opening";
	/** From the board to the server, and back; to be paused by a test. */
	readonly toServer: Pipe;
	readonly toBoard: Pipe;
	private readonly internet: VirtualInternet;
	private readonly line: Line;
	private readonly calls: Calls;
	private readonly generation: number;
	private readonly handler: StreamHandler;
	private server: ConnectionHandler | undefined;
	private event: Event | undefined;
	private wantsRoom = false;

	constructor(internet: VirtualInternet, line: Line, calls: Calls, options: StreamOptions, handler: StreamHandler) {
		this.internet = internet;
		this.line = line;
		this.calls = calls;
		this.generation = calls.generation;
		this.options = options;
		this.handler = handler;
		this.toServer = new Pipe(internet.world, line, {
			onBytes: (bytes, count) => this.server?.onData(bytes, count),
			onEnd: () => this.endServer(),
			onProgress: () => this.makeRoom(),
		});
		this.toBoard = new Pipe(internet.world, line, {
			onBytes: (bytes, count) => this.tell("stream data", () => this.handler.onData(bytes, count)),
			onEnd: () => this.fail("the other side closed the connection"),
			onProgress: () => undefined,
		});
		this.dial();
	}

	/** Nothing of this connection is left, not even bytes on their way to the server. */
	get isOver(): boolean {
		return this.state === "closed" && this.toServer.isIdle;
	}

	write(bytes: Uint8Array, count: number): boolean {
		if (this.state !== "open") throw new Error(`write on a connection that is ${this.state}`);
		if (!(count >= 0 && count <= bytes.length)) throw new Error(`${count} bytes of ${bytes.length}`);
		if (this.toServer.queued > this.line.sendBufferBytes) {
			this.wantsRoom = true;
			return false;
		}
		this.toServer.send(bytes.subarray(0, count));
		return true;
	}

	/** What was on its way goes on. */
	wake(): void {
		this.toServer.wake();
		this.toBoard.wake();
	}

	close(): void {
		if (this.state === "closed") return;
		this.state = "closed";
		this.event?.cancel();
		this.toBoard.destroy();
		this.toServer.end(); // what was written before still arrives
	}

	/** The connection breaks: both sides are told. */
	reset(reason = "the other side cut the connection"): void {
		this.endServer();
		this.fail(reason);
	}

	/** The board lost power: nobody is told anything. */
	drop(): void {
		this.state = "closed";
		this.event?.cancel();
		this.toBoard.destroy();
		this.toServer.destroy();
	}

	/** The connection is over for the board. */
	fail(reason: string): void {
		if (this.state === "closed") return;
		this.tell("stream end", () => this.handler.onClose(reason), "closed");
		this.toBoard.destroy();
		this.toServer.destroy();
	}

	private dial(): void {
		const { address, port } = this.options;
		const { blackHoles, world } = this.internet;
		const server = this.internet.server(address, port);
		const answers = this.line.isOpen && !blackHoles.has(address) && server?.answering !== false;
		if (!answers) {
			this.event = world.after(this.line.timeoutMs, () => this.fail("no answer"));
			return;
		}
		const roundTripMs = 2 * this.line.latencyMs * (this.options.tls === undefined ? 1 : 3); // TLS 1.2: two more
		const { onConnected } = this.handler;
		if (this.options.tls !== undefined && server !== undefined && onConnected !== undefined) {
			world.after(2 * this.line.latencyMs, () => this.tell("stream connected", onConnected));
		}
		this.event = world.after(roundTripMs, () => {
			if (server === undefined) this.fail("nobody listens there (connection refused)");
			else this.meet(server);
		});
	}

	private meet(server: Server): void {
		if (!this.line.isOpen) {
			this.event = this.internet.world.after(this.line.timeoutMs, () => this.fail("no answer"));
			return;
		}
		const refusal = this.tlsRefusal(server);
		if (refusal !== undefined) {
			this.fail(refusal);
			return;
		}
		this.server = server.accept({
			send: (bytes) => this.toBoard.send(bytes),
			close: () => {
				this.server = undefined;
				this.toBoard.end();
			},
		});
		this.tell("stream open", this.handler.onOpen, "open");
	}

	private tlsRefusal({ certificateNames: names, judge }: Server): string | undefined {
		const { tls } = this.options;
		if (tls === undefined) return names === undefined ? undefined : "the other side closed the connection";
		if (names === undefined) return "TLS refused: the other side does not speak TLS at this port";
		if (tls.roots.length === 0) return "TLS refused: its certificate comes from an authority that is not trusted here";
		if (!names.includes(tls.serverName)) return `TLS refused: its certificate is not for "${tls.serverName}"`;
		return judge?.(tls);
	}

	private endServer(): void {
		const { server } = this;
		this.server = undefined;
		server?.onClose();
	}

	private makeRoom(): void {
		if (!this.wantsRoom || this.state !== "open" || this.toServer.queued > this.line.sendBufferBytes) return;
		this.wantsRoom = false;
		this.tell("stream room", this.handler.onWritable);
	}

	/** Calls the firmware, unless it has closed this connection or was started again since. */
	private tell(where: string, method: (this: StreamHandler) => void, state = this.state): void {
		if (this.state === "closed" || this.calls.generation !== this.generation) return;
		this.state = state;
		this.calls.call(where, this.handler, method);
	}
}

/** Ends every connection on which something waits for an answer. */
export function failUnanswered(streams: readonly VirtualStream[]): void {
	for (const stream of streams) if (stream.toServer.queued > 0) stream.fail("no answer");
}
