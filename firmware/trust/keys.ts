import { isId } from "../model/names.js";
import type { Board } from "../ports/board.js";
import type { Text } from "../ports/text.js";
import { fromBase64Url, toBase64Url } from "../security/base64url.js";
import { curveFacts, isOnCurve } from "../security/curves.js";
import { Refused } from "../security/refused.js";

/** What a key is for: the key says it, and never the message. */
export type KeyAlgorithm = "HS256" | "ES256" | "A128GCM" | "A256GCM";

/** One key of this device. */
export interface Key {
	readonly id: string;
	readonly algorithm: KeyAlgorithm;
	/** The secret; of ES256 the public point, uncompressed: 4, x, y. */
	readonly bytes: Uint8Array;
}

/** Where the keys are that a signed command has changed. */
const STORED = "keys";
const STORED_BYTES_MAX = 1_000; // the longest value that a store takes
const HS256_BYTES_MIN = 32; // RFC 7518 §3.2
const HS256_BYTES_MAX = 64; // HMAC hashes longer ones first
const MARK_BYTES = 8;

/** Reads a key from the line `<id>:<algorithm>:<bytes in Base64url>`. Throws `Refused`. */
export function readKey(line: string, text: Text): Key {
	const [id = "", algorithm = "", encoded = "", more] = line.split(":");
	if (more !== undefined || !isId(id))
		throw new Refused("a key is written as its name, its algorithm and its bytes, with : between");
	const codes = text.encode(encoded);
	const bytes = fromBase64Url(codes, 0, codes.length);
	if (bytes === undefined) throw new Refused(`the bytes of the key ${id} are not in Base64url`);
	if (!isAlgorithm(algorithm)) throw new Refused(`the key ${id} is not for HS256, ES256, A128GCM or A256GCM`);
	const why = keyFault(algorithm, bytes);
	if (why !== undefined) throw new Refused(`the key ${id} ${why}`);
	return { id, algorithm, bytes };
}

function isAlgorithm(algorithm: string): algorithm is KeyAlgorithm {
	return algorithm === "HS256" || algorithm === "ES256" || algorithm === "A128GCM" || algorithm === "A256GCM";
}

function keyFault(algorithm: KeyAlgorithm, bytes: Uint8Array): string | undefined {
	if (algorithm === "ES256") return isOnCurve(curveFacts("P-256"), bytes) ? undefined : "is not a point of P-256";
	if (algorithm === "A128GCM") return bytes.length === 16 ? undefined : "does not have 16 bytes";
	if (algorithm === "A256GCM") return bytes.length === 32 ? undefined : "does not have 32 bytes";
	const isLong = bytes.length >= HS256_BYTES_MIN && bytes.length <= HS256_BYTES_MAX;
	return isLong ? undefined : "does not have 32 to 64 bytes";
}

/** What keys are looked up in. */
export type KeyBoard = Pick<Board, "store" | "crypto" | "text">;

/**
 * The keys of a device, as lines: those that it was built with, until a signed command changes them. They are read from
 * the store when a signed message comes, which is seldom, and so take no memory. A device that is built with other keys
 * forgets the changes.
 */
export class KeyRing {
	readonly lines: readonly string[];
	private readonly board: KeyBoard;
	private readonly mark: string;

	/** Throws when the store fails. */
	constructor(board: KeyBoard, built: readonly string[]) {
		this.board = board;
		const digest = board.crypto.hash("SHA256", board.text.encode(built.join("\n")));
		this.mark = toBase64Url(digest.subarray(0, MARK_BYTES));
		const [mark, ...stored] = board.store.get(STORED)?.split("\n") ?? [];
		this.lines = mark === this.mark && stored.length > 0 ? stored : built;
	}

	/** The key of this name. Throws `Refused`. */
	find(id: string): Key {
		const line = this.line(id);
		if (line === undefined) throw new Refused("this device does not know the key that it names");
		return readKey(line, this.board.text);
	}

	/**
	 * The keys after a change, as it would be stored: `add` is a line, in place of one of the same name, `remove` a name.
	 * Throws `Refused` when it cannot be; `by` is the name of the key that asks for it, which must stay as it is: so the
	 * last key that is known to work is never lost.
	 */
	changed(add: string | undefined, remove: string | undefined, by: string): string {
		const { text } = this.board;
		const added = add === undefined ? undefined : readKey(add, text);
		if (remove === by || added?.id === by)
			throw new Refused("a key does not change itself: sign with the new one to remove the old one");
		if (remove !== undefined && this.line(remove) === undefined) throw new Refused("there is no such key to remove");
		const left = this.lines.filter((line) => !isOf(line, remove) && !isOf(line, added?.id));
		const stored = [this.mark, ...left, ...(add === undefined ? [] : [add])].join("\n");
		if (text.encode(stored).length > STORED_BYTES_MAX)
			throw new Refused("there is no room for one more key: remove one");
		return stored;
	}

	/** Puts into force what `changed` gave: one write, whole or not at all. Throws when the store fails. */
	store(changed: string): void {
		this.board.store.set(STORED, changed);
	}

	private line(id: string): string | undefined {
		return this.lines.find((line) => isOf(line, id));
	}
}

function isOf(line: string, id: string | undefined): boolean {
	return id !== undefined && line.startsWith(`${id}:`);
}
