import type { Text } from "../ports/text.js";
import { base64UrlLength, fromBase64Url, writeBase64Url } from "./base64url.js";
import { Refused } from "./refused.js";

/** More would not fit into a message beside its topic. */
const TOKEN_BYTES_MAX = 3_900;
/** The same for a device that takes new settings, which has room for larger messages. */
export const SETTINGS_TOKEN_BYTES_MAX = 7_900;
const DOT = 0x2e;

/** The parts of a compact serialisation (RFC 7515 §7.1, RFC 7516 §7.1), and where each begins and ends in it. */
export class Compact {
	readonly token: Uint8Array;
	private readonly dots: readonly number[];

	/** Throws `Refused` when it cannot be one. */
	constructor(token: Uint8Array, bytesMax = TOKEN_BYTES_MAX) {
		if (token.length > bytesMax) throw new Refused(`it is longer than ${bytesMax} bytes`);
		const dots: number[] = [];
		for (let at = token.indexOf(DOT); at >= 0; at = token.indexOf(DOT, at + 1)) {
			dots.push(at);
			if (dots.length > 4) break;
		}
		this.token = token;
		this.dots = dots;
	}

	get parts(): number {
		return this.dots.length + 1;
	}

	/** A part, decoded, with `spare` more bytes behind it. Throws `Refused`. */
	part(index: number, spare = 0): Uint8Array {
		const bytes = fromBase64Url(this.token, index === 0 ? 0 : this.end(index - 1) + 1, this.end(index), spare);
		if (bytes === undefined) throw new Refused("a part of the signed or sealed text is not Base64url");
		return bytes;
	}

	/** Everything up to and with a part, as it stands there. */
	upTo(index: number): Uint8Array {
		return this.token.subarray(0, this.end(index));
	}

	private end(index: number): number {
		return this.dots[index] ?? this.token.length;
	}
}

/** Writes a compact serialisation, part by part, into bytes that are exactly as many as it needs. */
export class CompactWriter {
	readonly token: Uint8Array;
	private at = 0;

	/** `sizes` are the bytes of all parts before they are encoded. */
	constructor(sizes: readonly number[]) {
		this.token = new Uint8Array(sizes.reduce((sum, size) => sum + base64UrlLength(size), sizes.length - 1));
	}

	/** Adds a part; returns everything up to and with it. */
	add(bytes: Uint8Array): Uint8Array {
		if (this.at > 0) this.token[this.at++] = DOT;
		this.at = writeBase64Url(bytes, this.token, this.at);
		return this.token.subarray(0, this.at);
	}
}

/** `payload` as bytes. */
export function bytesOf(payload: string | Uint8Array, text: Text): Uint8Array {
	return typeof payload === "string" ? text.encode(payload) : payload;
}
