import { context, DerReader, INTEGER, SEQUENCE } from "./der.js";
import { readTime } from "./der-time.js";

const VERSION = context(0, true);

/** When a certificate (RFC 5280 §4.1) expires, milliseconds since 1970, and no more of it. Throws `Refused`. */
export function endOf(der: Uint8Array): number {
	const body = new DerReader(der).enter(SEQUENCE).enter(SEQUENCE);
	body.skip(VERSION);
	body.skip(INTEGER);
	body.skip(SEQUENCE); // how it is signed
	body.skip(SEQUENCE); // by whom
	const validity = body.enter(SEQUENCE);
	readTime(validity);
	return readTime(validity);
}
