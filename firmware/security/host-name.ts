import { type DerReader, sameBytes } from "./der.js";
import { someName } from "./extensions.js";

const NAME_BYTES_MAX = 253; // RFC 1035 §2.3.4
const LABEL_BYTES_MAX = 63;
const DOT = 0x2e;
const STAR = 0x2a;

/** The four bytes of an IPv4 address in dotted form, or undefined. */
export function ipv4Bytes(host: string): Uint8Array | undefined {
	const parts = host.split(".");
	if (parts.length !== 4) return undefined;
	const bytes = new Uint8Array(4);
	for (let i = 0; i < 4; i++) {
		const part = parts[i] as string;
		const value = Number(part);
		if (String(value) !== part || value > 255 || value < 0 || value !== Math.floor(value)) return undefined;
		bytes[i] = value;
	}
	return bytes;
}

/** A DNS name in bytes, in lower case, without the dot that may end it; undefined when it cannot be one. */
export function dnsBytes(host: string): Uint8Array | undefined {
	const name = host.endsWith(".") ? host.slice(0, -1) : host;
	if (name.length > NAME_BYTES_MAX) return undefined;
	const bytes = new Uint8Array(name.length);
	let at = 0;
	for (const char of name) {
		const code = char.charCodeAt(0);
		if (code > 0x7f) return undefined;
		bytes[at++] = lowerCase(code);
	}
	return isDnsName(bytes, 0) ? bytes : undefined;
}

/**
 * Whether a certificate with these names is for `host` (RFC 6125 §6.4, RFC 9525 §6): a DNS name that is the same, or
 * whose first label is "*" and stands for exactly one label; for an IPv4 address, that address among its addresses. The
 * common name counts for nothing.
 */
export function isNamed(names: DerReader | undefined, host: string): boolean {
	if (names === undefined) return false;
	const address = ipv4Bytes(host);
	if (address !== undefined) return someName(names, (isDns, value) => !isDns && sameBytes(value, address));
	const name = dnsBytes(host);
	return name !== undefined && someName(names, (isDns, value) => isDns && matches(value, name));
}

function matches(presented: Uint8Array, name: Uint8Array): boolean {
	if (presented[0] !== STAR) return isDnsName(presented, 0) && sameFrom(presented, 0, name, 0);
	// The star is a label, and at least two more follow: nobody owns all of ".com".
	if (presented[1] !== DOT || !isDnsName(presented, 2) || presented.indexOf(DOT, 2) < 0) return false;
	const first = name.indexOf(DOT);
	return first > 0 && sameFrom(presented, 1, name, first);
}

/** Letters, digits, hyphens and underscores in labels of 1 to 63, from `at` on. */
function isDnsName(bytes: Uint8Array, at: number): boolean {
	let label = 0;
	for (let i = at; i < bytes.length; i++) {
		const byte = lowerCase(bytes[i] as number);
		const letter = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x5f;
		if (byte === DOT ? label === 0 : !letter || label === LABEL_BYTES_MAX) return false;
		label = byte === DOT ? 0 : label + 1;
	}
	return label > 0;
}

/** Whether the rest of `a` is the rest of `b`, whatever the case of its letters. */
export function sameFrom(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): boolean {
	if (a.length - aAt !== b.length - bAt) return false;
	for (let i = 0; aAt + i < a.length; i++) {
		if (lowerCase(a[aAt + i] as number) !== lowerCase(b[bAt + i] as number)) return false;
	}
	return true;
}

function lowerCase(code: number): number {
	return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}
