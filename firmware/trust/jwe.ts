import { readJson } from "../model/json.js";
import type { Board } from "../ports/board.js";
import { type Compact, CompactWriter } from "../security/compact.js";
import { Refused } from "../security/refused.js";
import type { Verifier } from "./jws.js";
import type { Key } from "./keys.js";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const RANDOM_BYTES = 16;
const NOTHING = new Uint8Array(0);

/** What seals a message. */
export type SealBoard = Pick<Board, "clock" | "crypto" | "random" | "text">;

/** Whether a compact serialisation has the five parts of a sealed message. */
export function looksSealed(compact: Compact): boolean {
	return compact.parts === 5;
}

/**
 * Opens a JWE in compact form (RFC 7516 §5.2) that is sealed directly with a shared key (`dir`, RFC 7518 §4.5) and AES-GCM.
 * The key says the algorithm, and the header may say nothing else. Throws `Refused`, or what `readJson` does.
 */
export function openJwe(compact: Compact, verifier: Verifier): Uint8Array {
	const key = keyOf(compact.part(0), verifier);
	if (compact.part(1).length > 0) throw new Refused("it brings a key of its own, and none is wanted");
	const nonce = compact.part(2);
	const sealed = compact.part(3, TAG_BYTES); // in one piece: of long ones there is no room for many
	const tag = compact.part(4);
	if (nonce.length !== NONCE_BYTES || tag.length !== TAG_BYTES) throw new Refused("a part of it has the wrong length");
	sealed.set(tag, sealed.length - TAG_BYTES);
	const plain = verifier.crypto.open(key.bytes, nonce, compact.upTo(0), sealed);
	if (plain === undefined) throw new Refused(`it was not sealed with the key ${key.id}`);
	return plain;
}

function keyOf(header: Uint8Array, verifier: Verifier): Key {
	const members = readJson(header, verifier.text);
	if (!(members instanceof Map)) throw new Refused("its header is not an object");
	const id = members.get("kid");
	const type = members.get("cty");
	if (typeof id !== "string") throw new Refused("its header does not say which key it is sealed with (kid)");
	const isPlain = members.get("alg") === "dir" && (type === undefined || type === "JWT");
	if (!isPlain || members.size !== (type === undefined ? 3 : 4))
		throw new Refused("its header must have alg dir, enc and kid, may have cty JWT, and nothing else");
	const key = verifier.find(id);
	if (!isForSealing(key)) throw new Refused(`the key ${key.id} is not one for sealing`);
	if (members.get("enc") !== key.algorithm)
		throw new Refused(`its header does not say enc ${key.algorithm}, as its key wants`);
	return key;
}

/** Whether a key is one for AES-GCM. */
export function isForSealing({ algorithm }: Key): boolean {
	return algorithm === "A128GCM" || algorithm === "A256GCM";
}

/** Seals `plain` with a key for AES-GCM; `header` is JSON. */
export function sealJwe(header: string, plain: Uint8Array, key: Key, board: SealBoard): Uint8Array {
	const head = board.text.encode(header);
	const writer = new CompactWriter([head.length, 0, NONCE_BYTES, plain.length, TAG_BYTES]);
	const associated = writer.add(head);
	const nonce = nonceFor(associated, plain, key, board);
	const sealed = board.crypto.seal(key.bytes, nonce, associated, plain);
	writer.add(NOTHING);
	writer.add(nonce);
	writer.add(sealed.subarray(0, plain.length));
	writer.add(sealed.subarray(plain.length));
	return writer.token;
}

/**
 * A nonce that no other message under this key has: 96 bits of a MAC over chance, the moment, and the message itself. No
 * counter has to survive a restart, an erased flash, or a key that several devices share; and should chance fail and the
 * moment return, two messages with one nonce are the same message, which betrays nothing.
 */
function nonceFor(associated: Uint8Array, plain: Uint8Array, key: Key, board: SealBoard): Uint8Array {
	const moment = board.text.encode(`nonce ${board.clock.monotonicMs()} ${board.clock.wallMs() ?? 0} `);
	const input = new Uint8Array(moment.length + RANDOM_BYTES + associated.length + plain.length);
	input.set(moment);
	board.random(input.subarray(moment.length, moment.length + RANDOM_BYTES));
	input.set(associated, moment.length + RANDOM_BYTES);
	input.set(plain, moment.length + RANDOM_BYTES + associated.length);
	return board.crypto.hmac(key.bytes, input).slice(0, NONCE_BYTES);
}
