import type { Network, Stream, StreamHandler, StreamOptions } from "../../firmware/ports/network.js";

/** What a device would never show a stranger: sent as soon as the stream is open. */
export const SECRET: Uint8Array = Uint8Array.from("user and password, for the broker only", (char) =>
	char.charCodeAt(0),
);

/** What came of a visit. */
export interface Visit {
	readonly opened: boolean;
	/** Bytes that the peer sent and the device was given. */
	readonly heard: number;
	/** How it ended: what the owner is told, or one of the two below. */
	readonly reason: string;
}

/** Everything that was waited for has come. */
export const CONTENT = "heard all of it";
/** The stream neither opened nor ended; a device closes it then. */
export const GIVEN_UP = "given up";

/** One connection of a board to some peer, on any engine: says its secret where it may, and listens. */
export class Visitor implements StreamHandler {
	private opened = false;
	private heard = 0;
	private stream: Stream | undefined;
	private readonly wanted: number;
	private done: ((visit: Visit) => void) | undefined;

	/** `wanted` is how many bytes to wait for. */
	constructor(wanted: number, done: (visit: Visit) => void) {
		this.wanted = wanted;
		this.done = done;
	}

	visit(network: Network, options: StreamOptions): void {
		this.stream = network.connect(options, this);
	}

	/** Nobody waits any longer. */
	giveUp(): void {
		this.end(GIVEN_UP);
	}

	onOpen(): void {
		this.opened = true;
		this.stream?.write(SECRET, SECRET.length);
	}

	onData(_: Uint8Array, count: number): void {
		this.heard += count;
		if (this.heard >= this.wanted) this.end(CONTENT);
	}

	onWritable(): void {}

	onClose(reason: string): void {
		this.stream = undefined;
		this.end(reason);
	}

	private end(reason: string): void {
		const { done } = this;
		this.done = undefined;
		this.stream?.close();
		this.stream = undefined;
		done?.({ opened: this.opened, heard: this.heard, reason });
	}
}
