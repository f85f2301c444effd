import type { Board } from "../ports/board.js";

/** The device that sends something. */
export interface EnvelopeNeeds {
	readonly board: Pick<Board, "clock" | "crypto" | "random" | "store" | "text">;
	/** The keys that it was built with, each a line: name, algorithm and bytes in Base64url, with `:` between. */
	readonly keys: readonly string[];
}

/** What a device puts its messages into, so that whoever carries them cannot change them, or not even read them. */
export interface Envelope {
	/** The name of the key that it is closed with. */
	readonly key: string;
	/** Whether messages to this topic, told below the device's own, go into one. */
	covers(topic: string): boolean;
	/** Whether a message has come out of such an envelope, of this device or of another: nothing that is for a device has. */
	isOwn(message: Uint8Array, board: EnvelopeNeeds["board"]): boolean;
	/** Puts a message to `topic`, the whole of it, into one; undefined while that cannot be done: then nothing may be sent. */
	wrap(payload: string | Uint8Array, topic: string, needs: EnvelopeNeeds): Uint8Array | undefined;
}
