import { BIT_STRING, BOOLEAN, context, DerReader, OCTET_STRING, SEQUENCE } from "./der.js";
import { Refused } from "./refused.js";

// Object identifiers of extensions (RFC 5280 §4.2.1), as the hexadecimal text of their DER content.
const KEY_USAGE = "551d0f";
const SUBJECT_ALT_NAME = "551d11";
const BASIC_CONSTRAINTS = "551d13";
const NAME_CONSTRAINTS = "551d1e";
const CERTIFICATE_POLICIES = "551d20";
const EXTENDED_KEY_USAGE = "551d25";
const SERVER_AUTH = "2b06010505070301"; // §4.2.1.12
const ANY_USAGE = "551d2500";

// Bits of a key usage, the first one highest (§4.2.1.3).
const DIGITAL_SIGNATURE = 0x80;
const KEY_CERT_SIGN = 0x04;

const DNS_NAME = context(2, false); // §4.2.1.6
const IP_ADDRESS = context(7, false);
const EXTENSIONS_MAX = 32;

/** What the extensions of a certificate say, as far as a client has to know. */
export class Extensions {
	/** It may issue certificates (basicConstraints). */
	isAuthority = false;
	/** Most authorities between it and the end of the chain; Infinity for any number. */
	pathLength = Number.POSITIVE_INFINITY;
	/** What the key may be used for; everything, where nothing is said. */
	maySign = true;
	mayIssue = true;
	mayServe = true;
	/** Content of the subjectAltName. */
	names: DerReader | undefined = undefined;
	/** Content of the nameConstraints. */
	constraints: DerReader | undefined = undefined;
}

/** Reads the extensions of a certificate; each may be there once. Throws `Refused` for critical ones not known here. */
export function readExtensions(list: DerReader): Extensions {
	const result = new Extensions();
	const seen: string[] = [];
	while (list.more) {
		const extension = list.enter(SEQUENCE);
		const id = extension.identifier();
		const critical = extension.tag() === BOOLEAN && extension.boolean();
		const value = new DerReader(extension.content(OCTET_STRING));
		extension.finish();
		if (seen.includes(id)) throw new Refused("cannot be read: an extension stands in it twice");
		if (seen.push(id) > EXTENSIONS_MAX) throw new Refused("has too many extensions");
		if (!readExtension(result, id, value) && critical)
			throw new Refused(`has a critical extension that this device does not know (${id})`); // §4.2
	}
	return result;
}

/** False when the extension is not known. */
function readExtension(result: Extensions, id: string, value: DerReader): boolean {
	switch (id) {
		case BASIC_CONSTRAINTS:
			readBasicConstraints(result, value);
			return true;
		case KEY_USAGE:
			readKeyUsage(result, value);
			return true;
		case EXTENDED_KEY_USAGE:
			result.mayServe = readExtendedKeyUsage(value);
			return true;
		case SUBJECT_ALT_NAME:
			result.names = whole(value);
			return true;
		case NAME_CONSTRAINTS:
			result.constraints = whole(value);
			return true;
		default:
			return id === CERTIFICATE_POLICIES; // no policy is asked for, so any will do (§6.1.1 d)
	}
}

function whole(value: DerReader): DerReader {
	const content = value.enter(SEQUENCE);
	value.finish();
	return content;
}

/** §4.2.1.9 */
function readBasicConstraints(result: Extensions, value: DerReader): void {
	const content = whole(value);
	result.isAuthority = content.tag() === BOOLEAN && content.boolean();
	if (content.more) {
		if (!result.isAuthority) throw new Refused("limits what it may issue, and may issue nothing");
		result.pathLength = content.smallInteger();
	}
	content.finish();
}

function readKeyUsage(result: Extensions, value: DerReader): void {
	const bits = value.content(BIT_STRING);
	value.finish();
	if (bits.length < 2) throw new Refused("has a key usage that allows nothing");
	const usage = bits[1] as number;
	result.maySign = (usage & DIGITAL_SIGNATURE) !== 0;
	result.mayIssue = (usage & KEY_CERT_SIGN) !== 0;
}

function readExtendedKeyUsage(value: DerReader): boolean {
	const content = whole(value);
	let serves = false;
	while (content.more) {
		const usage = content.identifier();
		if (usage === SERVER_AUTH || usage === ANY_USAGE) serves = true;
	}
	return serves;
}

/** Calls `visit` with every DNS name and IP address of a subjectAltName or a list of subtrees until it says true. */
export function someName(names: DerReader, visit: (isDns: boolean, value: Uint8Array) => boolean): boolean {
	const list = new DerReader(names.bytes, names.at, names.end);
	while (list.more) {
		const tag = list.tag();
		const value = list.content(tag);
		if ((tag === DNS_NAME || tag === IP_ADDRESS) && visit(tag === DNS_NAME, value)) return true;
	}
	return false;
}
