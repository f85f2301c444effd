import { context, DerReader, INTEGER, SEQUENCE, sameBytes } from "./der.js";
import { readTime } from "./der-time.js";
import { Extensions, readExtensions } from "./extensions.js";
import { type PublicKey, readPublicKey } from "./public-key.js";
import { Refused } from "./refused.js";
import { readAlgorithm, type SignatureAlgorithm } from "./signature.js";

const VERSION_3 = 2; // RFC 5280 §4.1.2.1: counted from 0
const SERIAL_BYTES_MAX = 20; // §4.1.2.2

/** A certificate (RFC 5280 §4.1) as far as trust in it depends on it. All byte arrays are views of `der`. */
export interface Certificate {
	readonly der: Uint8Array;
	/** What is signed. */
	readonly signed: Uint8Array;
	/** The AlgorithmIdentifier, as it is written. */
	readonly algorithmId: Uint8Array;
	readonly signature: Uint8Array;
	/** Distinguished names, as they are written. */
	readonly issuer: Uint8Array;
	readonly subject: Uint8Array;
	/** Milliseconds since 1970. */
	readonly fromMs: number;
	readonly untilMs: number;
	/** The SubjectPublicKeyInfo whole; what a pin is the digest of (RFC 7469 §2.4). */
	readonly keyInfo: Uint8Array;
	readonly key: PublicKey;
	readonly extensions: Extensions;
}

/**
 * How a certificate is signed. Throws `Refused` for what is weak or not known here. Of one that is trusted itself nobody
 * asks: roots as old as SHA-1 are as good as any, for their signature proves nothing.
 */
export function algorithmOf({ algorithmId }: Certificate): SignatureAlgorithm {
	return readAlgorithm(new DerReader(algorithmId).enter(SEQUENCE));
}

/** Reads one certificate. Throws `Refused` for what cannot be read, is weak, or asks for what is not known here. */
export function readCertificate(der: Uint8Array): Certificate {
	const outer = new DerReader(der);
	const certificate = outer.enter(SEQUENCE);
	outer.finish();
	const signed = certificate.element(SEQUENCE);
	const algorithmId = certificate.element(SEQUENCE);
	const signature = certificate.wholeBits();
	certificate.finish();
	const body = new DerReader(signed).enter(SEQUENCE);
	readVersionAndSerial(body);
	if (!sameBytes(body.element(SEQUENCE), algorithmId)) throw new Refused("says in two ways how it is signed"); // §4.1.1.2
	const issuer = body.element(SEQUENCE);
	const validity = body.enter(SEQUENCE);
	const fromMs = readTime(validity);
	const untilMs = readTime(validity);
	validity.finish();
	const subject = body.element(SEQUENCE);
	const keyInfo = body.element(SEQUENCE);
	const key = readPublicKey(new DerReader(keyInfo).enter(SEQUENCE));
	const extensions = readRest(body);
	return { der, signed, algorithmId, signature, issuer, subject, fromMs, untilMs, keyInfo, key, extensions };
}

function readVersionAndSerial(body: DerReader): void {
	if (body.tag() !== context(0, true)) throw new Refused("is of an old version that cannot say what it is for");
	const version = body.enter(context(0, true));
	if (version.smallInteger() !== VERSION_3) throw new Refused("is of a version that this device does not know");
	version.finish();
	if (body.content(INTEGER).length > SERIAL_BYTES_MAX + 1) throw new Refused("has a serial number that is too long");
}

/** The unique identifiers that nobody uses (§4.1.2.8), and the extensions (§4.1.2.9). */
function readRest(body: DerReader): Extensions {
	body.skip(context(1, false));
	body.skip(context(2, false));
	if (!body.more) return new Extensions();
	const wrapper = body.enter(context(3, true));
	const extensions = readExtensions(wrapper.enter(SEQUENCE));
	wrapper.finish();
	body.finish();
	return extensions;
}
