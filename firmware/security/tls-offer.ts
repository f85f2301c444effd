import { Refused } from "./refused.js";
import { ByteReader } from "./tls-reader.js";

const CLIENT_HELLO = 1; // RFC 5246 §7.4
const RECORD_BYTES = 5;
const RANDOM_BYTES = 32;
export const MAX_FRAGMENT_LENGTH = 1; // RFC 6066 §4
const SUPPORTED_GROUPS = 10; // RFC 8422 §5.1.1
const SIGNATURE_ALGORITHMS = 13; // RFC 5246 §7.4.1.4.1
const APPLICATION_PROTOCOL = 16; // RFC 7301 §3.1
// A suite that is none stands for an empty extension (RFC 5746 §3.3).
const RENEGOTIATION_SCSV = 0x00ff;
const RENEGOTIATION_INFO = 0xff01;

/** What this device offered in its ClientHello (RFC 5246 §7.4.1.2); the server must not answer with anything else. */
export interface TlsOffer {
	readonly random: Uint8Array;
	readonly sessionId: Uint8Array;
	/** Cipher suites, pairs of a digest and a kind of key, and curves, each as one number of 16 bits. */
	readonly suites: readonly number[];
	readonly signatures: readonly number[];
	readonly curves: readonly number[];
	readonly extensions: readonly number[];
	/** The largest fragment that was asked for (RFC 6066 §4): 1 to 4 for 512 to 4,096 bytes; 0 for none. */
	readonly fragment: number;
	/** The content of the ProtocolNameList, or undefined. */
	readonly protocols: Uint8Array | undefined;
}

/** Reads the offer from the record that it leaves in. It is our own, so anything unexpected in it is a mistake of ours. */
export function readOffer(record: Uint8Array): TlsOffer {
	const reader = new ByteReader(record, RECORD_BYTES, record.length);
	if (reader.uint8() !== CLIENT_HELLO) throw new Refused("the device began with something else than a ClientHello");
	const hello = reader.vector(3);
	hello.skip(2);
	const random = hello.bytes(RANDOM_BYTES).slice();
	const sessionId = hello.vector(1).rest().slice();
	const suites = words(hello.vector(2));
	hello.vector(1);
	const extensions: number[] = suites.includes(RENEGOTIATION_SCSV) ? [RENEGOTIATION_INFO] : [];
	let signatures: readonly number[] = [];
	let curves: readonly number[] = [];
	let fragment = 0;
	let protocols: Uint8Array | undefined;
	for (const list = hello.vector(2); list.more; ) {
		const kind = list.uint16();
		const value = list.vector(2);
		extensions.push(kind);
		if (kind === MAX_FRAGMENT_LENGTH) fragment = value.uint8();
		if (kind === SUPPORTED_GROUPS) curves = words(value.vector(2));
		if (kind === SIGNATURE_ALGORITHMS) signatures = words(value.vector(2));
		if (kind === APPLICATION_PROTOCOL) protocols = value.vector(2).rest().slice();
	}
	return { random, sessionId, suites, signatures, curves, extensions, fragment, protocols };
}

function words(list: ByteReader): number[] {
	const result: number[] = [];
	while (list.more) result.push(list.uint16());
	return result;
}
