import type { Clock } from "../ports/clock.js";
import type { Stream, StreamHandler } from "../ports/network.js";
import type { Text } from "../ports/text.js";
import type { PublishExtras, SessionHandler, SessionOptions, SessionState } from "./types.js";

export type {
	Message,
	PublishExtras,
	SessionEnd,
	SessionEndKind,
	SessionHandler,
	SessionOptions,
	SessionState,
	Will,
} from "./types.js";

/** One MQTT client over one byte stream at a time: 3.1.1 and 5.0, QoS 0 and 1. */
export class Session implements StreamHandler {
	/** Monotonic time of the next deadline in milliseconds, Infinity when there is none. Call `run` then. */
	dueMs = Number.POSITIVE_INFINITY;
	#state: SessionState = "closed";

	constructor(_options: SessionOptions, _clock: Clock, _text: Text, _handler: SessionHandler) {}

	get state(): SessionState {
		return this.#state;
	}

	/** Does what has become due. */
	run(_nowMs: number): void {}

	/** Takes over a stream that is being connected; CONNECT goes out when it opens. */
	open(_stream: Stream, _version: 4 | 5): void {}

	/**
	 * Sends one message. False when it cannot go now: not online, no room in the window or the socket; `onRoom` follows
	 * when there is room again.
	 */
	publish(
		_topic: string,
		_payload: string | Uint8Array,
		_qos: 0 | 1,
		_retain: boolean,
		_token: number,
		_extras?: PublishExtras,
	): boolean {
		return false;
	}

	/** Asks for every filter in one SUBSCRIBE; `onSubscribed` answers. False when it cannot go now. */
	subscribe(_filters: readonly string[], _qos: 0 | 1): boolean {
		return false;
	}

	/** Says DISCONNECT and closes the stream. No `onEnded` follows. */
	close(): void {}

	onOpen(): void {}
	onData(_bytes: Uint8Array, _count: number): void {}
	onWritable(): void {}
	onClose(_reason: string): void {}
}
