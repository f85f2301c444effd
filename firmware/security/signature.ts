import type { Crypto, HashName } from "../ports/crypto.js";
import type { CurveFacts } from "./curves.js";
import { DerReader, hex, INTEGER, NULL, SEQUENCE } from "./der.js";
import { padded, powerModulo, toBigInt } from "./numbers.js";
import type { EcKey, PublicKey, RsaKey } from "./public-key.js";
import { Refused } from "./refused.js";

/** How something is signed: the kind of key, and the digest. */
export interface SignatureAlgorithm {
	readonly kind: PublicKey["kind"];
	readonly hash: HashName;
}

const ECDSA = "2a8648ce3d0403"; // RFC 5758 §3.2, the last byte left out
const PKCS1 = "2a864886f70d0101"; // RFC 4055 §5, the same

/** An AlgorithmIdentifier (RFC 5280 §4.1.1.2). Throws `Refused` for what is weak or not known here. */
export function readAlgorithm(identifier: DerReader): SignatureAlgorithm {
	const id = identifier.identifier();
	const family = id.slice(0, -2);
	const last = id.slice(-2);
	if (family === PKCS1) {
		const hash = rsaHash(last);
		identifier.skip(NULL);
		identifier.finish();
		return { kind: "rsa", hash };
	}
	identifier.finish();
	if (family === ECDSA) return { kind: "ec", hash: ecHash(last) };
	throw new Refused("is signed in a way that this device does not know");
}

function rsaHash(last: string): HashName {
	if (last === "0b") return "SHA256";
	if (last === "0c") return "SHA384";
	if (last === "0d") return "SHA512";
	if (last === "04") throw new Refused("is signed with MD5, which can be forged");
	if (last === "05") throw new Refused("is signed with SHA-1, which can be forged");
	throw new Refused("is signed in a way that this device does not know (RSA with something else than SHA-2)");
}

function ecHash(last: string): HashName {
	if (last === "02") return "SHA256";
	if (last === "03") return "SHA384";
	if (last === "04") return "SHA512";
	throw new Refused("is signed in a way that this device does not know (ECDSA with something else than SHA-2)");
}

/** Whether `signature` of `message` was made with the private half of `key`. Throws `Refused` when it cannot be read. */
export function isSignedBy(
	key: PublicKey,
	{ kind, hash }: SignatureAlgorithm,
	signature: Uint8Array,
	message: Uint8Array,
	crypto: Crypto,
): boolean {
	if (key.kind !== kind) return false;
	if (key.kind === "rsa") return isRsa(key, hash, signature, crypto.hash(hash, message));
	const { r, s } = ecdsaNumbers(key, signature);
	if (r === undefined || s === undefined) return false;
	const { bytes, name } = key.curve;
	const x = key.point.subarray(1, 1 + bytes);
	const y = key.point.subarray(1 + bytes);
	return crypto.verifyEcdsa(name, hash, message, { x, y, r, s });
}

/** What stands before the digest of PKCS #1 (RFC 8017 §9.2, note 1). */
function digestInfo(hash: HashName): string {
	if (hash === "SHA256") return "3031300d060960864801650304020105000420";
	if (hash === "SHA384") return "3041300d060960864801650304020205000430";
	return "3051300d060960864801650304020305000440";
}

/** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2): the whole padded message is made and compared, and nothing is parsed. */
function isRsa({ modulus, exponent }: RsaKey, hash: HashName, signature: Uint8Array, digest: Uint8Array): boolean {
	if (signature.length !== modulus.length) return false;
	const n = toBigInt(modulus);
	const s = toBigInt(signature);
	if (s >= n) return false;
	const tail = `00${digestInfo(hash)}${hex(digest)}`;
	const padding = "ff".repeat(modulus.length - 2 - tail.length / 2);
	return powerModulo(s, exponent, n) === BigInt(`0x0001${padding}${tail}`);
}

/**
 * The two numbers of an ECDSA signature (RFC 3279 §2.2.3), as long as the curve's field; undefined when one is not in 1 to
 * n-1. Throws `Refused` when it cannot be read.
 */
export function ecdsaNumbers({ curve }: EcKey, signature: Uint8Array) {
	const outer = new DerReader(signature);
	const pair = outer.enter(SEQUENCE);
	outer.finish();
	const r = inOrder(pair.unsigned(), curve);
	const s = inOrder(pair.unsigned(), curve);
	pair.finish();
	return { r, s };
}

/** An ECDSA signature in DER (RFC 3279 §2.2.3): r and s, big-endian. */
export function ecdsaDer(r: Uint8Array, s: Uint8Array): Uint8Array {
	const numbers = [...integer(r), ...integer(s)];
	return Uint8Array.from([SEQUENCE, numbers.length, ...numbers]); // shorter than 128 bytes, as all of them are
}

/** An INTEGER that is not negative, in its shortest form (X.690 §8.3). */
function integer(bytes: Uint8Array): number[] {
	let at = 0;
	while (at < bytes.length - 1 && bytes[at] === 0) at++;
	const content = Array.from(bytes.subarray(at));
	if ((content[0] as number) > 0x7f) content.unshift(0);
	return [INTEGER, content.length, ...content];
}

function inOrder(number: Uint8Array, { order, bytes }: CurveFacts): Uint8Array | undefined {
	if (number.length > bytes) return undefined; // before anything is made of it: it may be as long as a whole message
	const value = toBigInt(number);
	return value > 0n && value < order ? padded(number, bytes) : undefined;
}
