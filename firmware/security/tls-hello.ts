import { sameBytes } from "./der.js";
import { Refused } from "./refused.js";
import { MAX_FRAGMENT_LENGTH, type TlsOffer } from "./tls-offer.js";
import { ByteReader } from "./tls-reader.js";

const TLS_1_2 = 0x0303;
const RANDOM_BYTES = 32;
const SESSION_ID_BYTES_MAX = 32;
const APPLICATION_PROTOCOL = 16;
const EXTENSIONS_MAX = 16;
const FRAGMENT_BYTES = 16_384; // RFC 5246 §6.2.1
const SMALLEST_FRAGMENT = 256; // RFC 6066 §4: what 1, 2, 3 and 4 double

/** What the server chose (RFC 5246 §7.4.1.3). */
export interface ServerHello {
	readonly random: Uint8Array;
	readonly suite: number;
	/** The most that a record may hold, not encrypted. */
	readonly fragmentBytes: number;
	/** It goes on with the session that was offered to it: no certificate follows. */
	readonly resumed: boolean;
}

/** Reads a ServerHello, which must keep to the offer. Throws `Refused`. */
export function readServerHello(body: Uint8Array, offer: TlsOffer): ServerHello {
	const hello = new ByteReader(body);
	const version = hello.uint16();
	if (version !== TLS_1_2) throw new Refused(`it chose ${versionName(version)}, and this device speaks TLS 1.2`);
	const random = hello.bytes(RANDOM_BYTES).slice();
	const sessionId = hello.vector(1).rest();
	if (sessionId.length > SESSION_ID_BYTES_MAX) throw new Refused("its ServerHello is not valid");
	const suite = hello.uint16();
	if (!offer.suites.includes(suite)) throw new Refused("it chose a cipher that was not offered to it");
	if (hello.uint8() !== 0) throw new Refused("it wants to compress, which is not safe");
	const agreed = hello.more && checkExtensions(hello.vector(2), offer);
	hello.finish();
	const fragmentBytes = agreed ? SMALLEST_FRAGMENT << offer.fragment : FRAGMENT_BYTES;
	return { random, suite, fragmentBytes, resumed: sessionId.length > 0 && sameBytes(sessionId, offer.sessionId) };
}

/** It may only answer what it was offered, and each once (§7.4.1.4). Whether it agreed to smaller fragments. */
function checkExtensions(list: ByteReader, offer: TlsOffer): boolean {
	const seen: number[] = [];
	while (list.more) {
		const kind = list.uint16();
		const value = list.vector(2);
		if (!offer.extensions.includes(kind))
			throw new Refused(`it uses the extension ${kind}, which was not offered to it`);
		if (seen.includes(kind) || seen.push(kind) > EXTENSIONS_MAX) throw new Refused("its ServerHello is not valid");
		if (kind === APPLICATION_PROTOCOL) checkProtocol(value, offer.protocols);
		if (kind === MAX_FRAGMENT_LENGTH && (value.uint8() !== offer.fragment || value.more))
			throw new Refused("it wants records of another size than was offered to it"); // RFC 6066 §4
	}
	return seen.includes(MAX_FRAGMENT_LENGTH);
}

/** RFC 7301 §3.1: exactly one protocol, of those offered. */
function checkProtocol(value: ByteReader, offered: Uint8Array | undefined): void {
	const list = value.vector(2);
	const chosen = list.vector(1).rest();
	list.finish();
	for (const names = new ByteReader(offered ?? new Uint8Array(0)); names.more; )
		if (sameBytes(names.vector(1).rest(), chosen)) return;
	throw new Refused("it chose an application protocol that was not offered to it");
}

function versionName(version: number): string {
	if (version === 0x0302) return "TLS 1.1";
	if (version === 0x0301) return "TLS 1.0";
	return version === 0x0300 ? "SSL 3.0" : "a version that is none";
}
