import type { Crypto, HashName } from "../ports/crypto.js";
import { type CurveFacts, curveFacts, isOnCurve } from "./curves.js";
import type { PublicKey } from "./public-key.js";
import { Refused } from "./refused.js";
import { isSignedBy } from "./signature.js";
import { ByteReader } from "./tls-reader.js";

const NAMED_CURVE = 3; // RFC 8422 §5.4
const SECP256R1 = 23; // §5.1.1
const SECP384R1 = 24;
const PARAMETERS_BYTES = 4; // before the point: kind, curve, and the length of the point
// RFC 5246 §7.4.1.4.1.
const RSA = 1;
const ECDSA = 3;

/** Where both sides stand when the server shows its half of the key exchange. */
export interface KeyExchange {
	readonly clientRandom: Uint8Array;
	readonly serverRandom: Uint8Array;
	readonly suite: number;
	/** Of the server's certificate. */
	readonly key: PublicKey;
	/** Pairs of a digest and a kind of key that were offered. */
	readonly signatures: readonly number[];
	/** Curves that were offered. */
	readonly curves: readonly number[];
}

/**
 * Checks a ServerKeyExchange with an ephemeral point (RFC 8422 §5.4): that it is on the curve, and signed together with
 * both random numbers by the key of the certificate, in a way that was offered. Throws `Refused`.
 */
export function checkKeyExchange(body: Uint8Array, exchange: KeyExchange, crypto: Crypto): void {
	const message = new ByteReader(body);
	const curveType = message.uint8();
	const curve = message.uint16();
	const facts = exchange.curves.includes(curve) ? factsOf(curve) : undefined;
	if (curveType !== NAMED_CURVE || facts === undefined)
		throw new Refused("it chose a curve that was not offered to it");
	const point = message.vector(1).rest();
	if (!isOnCurve(facts, point)) throw new Refused("its half of the key exchange is not on the curve");
	const signed = body.subarray(0, PARAMETERS_BYTES + point.length);
	const algorithm = message.uint16();
	const signature = message.vector(2).rest();
	message.finish();
	checkAlgorithm(algorithm, exchange);
	if (!isRight(exchange, algorithm, signature, signed, crypto))
		throw new Refused("its half of the key exchange is not signed with the key of its certificate");
}

function factsOf(curve: number): CurveFacts | undefined {
	if (curve === SECP256R1) return curveFacts("P-256");
	return curve === SECP384R1 ? curveFacts("P-384") : undefined;
}

function checkAlgorithm(algorithm: number, { signatures, key, suite }: KeyExchange): void {
	if (!signatures.includes(algorithm))
		throw new Refused("it signed its half of the key exchange in no way that was offered");
	const kind = algorithm & 0xff;
	const wanted = key.kind === "rsa" ? RSA : ECDSA;
	if (kind !== wanted || suiteKind(suite) !== wanted)
		throw new Refused("the kind of its key does not fit the cipher that it chose");
}

/** With which kind of key a suite is signed: ECDHE_ECDSA (0xc02b, 0xc02c) or ECDHE_RSA (RFC 5289 §3). */
function suiteKind(suite: number): number {
	return suite === 0xc02b || suite === 0xc02c ? ECDSA : RSA;
}

function isRight(
	{ clientRandom, serverRandom, key }: KeyExchange,
	algorithm: number,
	signature: Uint8Array,
	signed: Uint8Array,
	crypto: Crypto,
): boolean {
	const { length } = clientRandom;
	const message = new Uint8Array(length + serverRandom.length + signed.length);
	message.set(clientRandom);
	message.set(serverRandom, length);
	message.set(signed, length + serverRandom.length);
	return isSignedBy(key, { kind: key.kind, hash: hashOf(algorithm >> 8) }, signature, message, crypto);
}

function hashOf(number: number): HashName {
	if (number === 4) return "SHA256";
	if (number === 5) return "SHA384";
	if (number === 6) return "SHA512";
	throw new Refused("it signed its half of the key exchange with a weak digest");
}
