import type { Stream, StreamHandler, StreamOptions } from "../../firmware/ports/network.js";
import { ok } from "./checks.js";
import type { Listening, Peer, StreamEnvironment } from "./stream-contract.js";

/** To fill whatever buffers there are. */
export const CHUNK_BYTES = 16_384;
export const CHUNKS_MAX = 2_048; // 32 MB: no kernel buffers more

type Callback = "onOpen" | "onData" | "onWritable" | "onClose";

/** Writes down what a stream tells, and does what a test wants done inside. */
export class RecordingHandler implements StreamHandler {
	/** Callbacks in order, bytes left out. */
	readonly calls: Callback[] = [];
	readonly reasons: string[] = [];
	received: number[] = [];
	/** Sizes of the pieces. */
	readonly pieces: number[] = [];
	/** Done inside each callback, after it was written down. */
	inside: (callback: Callback) => void = () => undefined;

	onOpen(): void {
		this.note("onOpen");
	}

	onData(bytes: Uint8Array, count: number): void {
		ok(count > 0 && count <= bytes.length, `${count} of ${bytes.length} bytes`);
		for (let at = 0; at < count; at++) this.received.push(bytes[at] as number);
		this.pieces.push(count);
		this.note("onData");
	}

	onWritable(): void {
		this.note("onWritable");
	}

	onClose(reason: string): void {
		this.reasons.push(reason);
		this.note("onClose");
	}

	count(callback: Callback): number {
		return this.calls.filter((call) => call === callback).length;
	}

	private note(callback: Callback): void {
		this.calls.push(callback);
		this.inside(callback);
	}
}

export interface Connected {
	readonly stream: Stream;
	readonly handler: RecordingHandler;
	readonly peer: Peer;
	readonly server: Listening;
}

/** Starts a connection; `handler` may be prepared before. */
export function dial(
	environment: StreamEnvironment,
	options: StreamOptions,
	handler = new RecordingHandler(),
): { stream: Stream; handler: RecordingHandler } {
	return { stream: environment.network.connect(options, handler), handler };
}

/** A connection that is open on both sides. */
export async function connected(environment: StreamEnvironment, listening?: Listening): Promise<Connected> {
	const server = listening ?? (await environment.listen());
	const before = server.peers.length;
	const { stream, handler } = dial(environment, server.options);
	await environment.until("the connection is open", () => handler.calls.length > 0 && server.peers.length > before);
	ok(handler.calls[0] === "onOpen", `the first callback is onOpen, not ${handler.calls[0]}: ${handler.reasons.join()}`);
	return { stream, handler, peer: server.peers[before] as Peer, server };
}

/** `count` bytes that are different from their neighbours and from run to run of 251. */
export function pattern(count: number, seed = 0): Uint8Array {
	const bytes = new Uint8Array(count);
	for (let at = 0; at < count; at++) bytes[at] = (at * 7 + seed + (at >> 8)) & 0xff;
	return bytes;
}

export function sameBytes(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
	ok(actual.length === expected.length, `${what}: ${actual.length} bytes are ${expected.length}`);
	for (let at = 0; at < expected.length; at++) {
		if (actual[at] !== expected[at]) ok(false, `${what}: byte ${at} is ${expected[at]}, not ${actual[at]}`);
	}
}
