import { readJson } from "../model/json.js";
import type { Crypto } from "../ports/crypto.js";
import type { Text } from "../ports/text.js";
import type { Compact } from "../security/compact.js";
import { isEs256 } from "../security/es256.js";
import { Refused } from "../security/refused.js";
import { sameSecret } from "../security/same.js";
import type { Key } from "./keys.js";

/** What verifies a message. */
export interface Verifier {
	readonly crypto: Crypto;
	readonly text: Text;
	/** The key of this name; throws `Refused`. */
	find(id: string): Key;
}

/** What a signature is to vouch for. */
export interface Claimed {
	readonly key: Key;
	readonly payload: Uint8Array;
}

/** Whether a message begins as every JWS or JWE in compact form does whose header is JSON: the Base64url of `{"`. */
export function looksSigned(message: Uint8Array): boolean {
	return message[0] === 0x65 && message[1] === 0x79 && message[2] === 0x4a; // eyJ
}

/**
 * Reads a JWS in compact form (RFC 7515 §5.2). Of the many ways in which one can be made this takes one: a key that the
 * header names, the algorithm of that key, and a header that says nothing else. Nothing of it is to be believed before
 * `isSignatureOf` says so. Throws `Refused`, or what `readJson` does.
 */
export function readJws(compact: Compact, verifier: Verifier): Claimed {
	if (compact.parts !== 3) throw new Refused("a signed message has three parts");
	return { key: keyOf(compact.part(0), verifier), payload: compact.part(1) };
}

/** What is not understood may change the meaning (`crit`, `b64`), or name a key of the sender's own (`jwk`, `x5u`). */
function keyOf(header: Uint8Array, verifier: Verifier): Key {
	const members = readJson(header, verifier.text);
	if (!(members instanceof Map)) throw new Refused("its header is not an object");
	const id = members.get("kid");
	const typ = members.get("typ");
	if (typeof id !== "string") throw new Refused("its header does not say which key it is signed with (kid)");
	// Nothing else that was signed with the same key, such as a release, passes for a command.
	if (typ !== undefined && typ !== "JWT") throw new Refused("its header says that it is something else (typ)");
	if (members.size !== (typ === undefined ? 2 : 3))
		throw new Refused("its header must have alg and kid, may have typ, and nothing else");
	const key = verifier.find(id);
	if (members.get("alg") !== key.algorithm)
		throw new Refused(`its header does not say alg ${key.algorithm}, as its key wants`);
	return key;
}

/** Whether `signature` of `message` was made with this key (RFC 7518 §3.2, §3.4). */
export function isSignatureOf(key: Key, message: Uint8Array, signature: Uint8Array, crypto: Crypto): boolean {
	if (key.algorithm === "ES256") return isEs256(key.bytes, message, signature, crypto);
	return key.algorithm === "HS256" && sameSecret(crypto.hmac(key.bytes, message), signature);
}
