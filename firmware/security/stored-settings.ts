import type { Crypto } from "../ports/crypto.js";
import type { Segments } from "../ports/segments.js";
import type { Text } from "../ports/text.js";
import { toBase64Url } from "./base64url.js";
import { Refused } from "./refused.js";
import { sameSecret } from "./same.js";
import type { SettingsItems } from "./settings-items.js";
import { readItems } from "./settings-reader.js";

/**
 * Settings in flash of their own: "FPS" and the format's version, the length of the body in four bytes, the high one first,
 * its SHA-256, and the body, which is made of items: see settings-items.ts. The digest makes them whole or not there, as
 * after a power cut while they were written. It is no signature: who can write the flash, can write a digest.
 */
export const SETTINGS_MAGIC: readonly number[] = Object.freeze([0x46, 0x50, 0x53]);
export const SETTINGS_VERSION = 1;
/** The magic, the version, the length and the digest. */
export const SETTINGS_HEAD_BYTES = 40;
/** Where the digest begins. */
export const SETTINGS_DIGEST_AT = 8;

const LENGTH_AT = 4;
const ORIGIN_BYTES = 8;

/** What was put onto a board, as one writing of it. */
export interface StoredSettings extends SettingsItems {
	/** Tells this writing from any other. */
	readonly origin: string;
}

/**
 * The settings in this flash; undefined where there are none: it was erased, or holds what was there before it was the
 * place of settings. Throws `Refused` where they are not whole, or not understood: the end of a sentence that begins with
 * "the settings on this board cannot be used:". Throws also what the flash throws.
 */
export function readStoredSettings(
	flash: Segments,
	{ crypto, text }: { readonly crypto: Pick<Crypto, "hash">; readonly text: Text },
): StoredSettings | undefined {
	const head = new Uint8Array(SETTINGS_HEAD_BYTES);
	flash.read(0, 0, head);
	for (let i = 0; i < SETTINGS_MAGIC.length; i++) if (head[i] !== SETTINGS_MAGIC[i]) return undefined;
	if (head[SETTINGS_MAGIC.length] !== SETTINGS_VERSION) throw new Refused("they were made for other firmware");
	const length = lengthIn(head);
	if (length > flash.count * flash.bytes - SETTINGS_HEAD_BYTES) throw new Refused("they are longer than their place");
	const body = bodyIn(flash, length);
	const digest = crypto.hash("SHA256", body);
	if (!sameSecret(digest, head.subarray(SETTINGS_DIGEST_AT))) throw new Refused("they are not whole");
	return { ...readItems(body, text), origin: toBase64Url(digest.subarray(0, ORIGIN_BYTES)) };
}

function lengthIn(head: Uint8Array): number {
	let length = 0;
	for (let at = LENGTH_AT; at < SETTINGS_DIGEST_AT; at++) length = length * 256 + (head[at] as number);
	return length;
}

function bodyIn(flash: Segments, length: number): Uint8Array {
	const body = new Uint8Array(length);
	let from = SETTINGS_HEAD_BYTES;
	for (let at = 0; at < length; ) {
		const segment = Math.floor(from / flash.bytes);
		const into = body.subarray(at, at + flash.bytes - (from % flash.bytes));
		flash.read(segment, from % flash.bytes, into);
		at += into.length;
		from += into.length;
	}
	return body;
}
