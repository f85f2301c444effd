import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { TlsIdentity } from "../../firmware/ports/network.js";
import { readPrivateKey } from "../../firmware/security/private-key.js";
import { readNamed } from "../file-words.js";

const RSA_BITS_MIN = 2_048;
const RSA_BITS_MAX = 4_096; // with more a chip would compute for many seconds
const PIN_BYTES = 32;
const PROTOCOL_BYTES_MAX = 255; // RFC 7301 §3.1

/** A file, and how its owner named it: an option or a setting. */
export interface Named {
	readonly name: string;
	readonly path: string;
}

/** Says what is wrong, and never returns. */
type Fail = (what: string) => never;

/** A device's own certificates and its key from PEM files, in the form that firmware takes. */
export function readIdentity(certificate: Named, key: Named, fail: Fail): TlsIdentity {
	const blocks =
		readNamed(certificate.name, certificate.path, fail).match(
			/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
		) ?? [];
	const chain = blocks.map((pem) => parse(pem, certificate, fail));
	const [own] = chain;
	if (own === undefined)
		return fail(`${certificate.name} names ${certificate.path}, which holds no certificate in PEM form`);
	if (new Date(own.validTo) < new Date())
		fail(`the certificate that ${certificate.name} names expired on ${own.validTo}`);
	const secret = parseKey(key, fail);
	checkKind(secret, key, fail);
	if (!own.checkPrivateKey(secret))
		fail(`${key.name} names a key that does not belong to the first certificate that ${certificate.name} names`);
	return {
		certificates: chain.map(({ raw }) => new Uint8Array(raw)),
		key: new Uint8Array(secret.export({ type: "pkcs8", format: "der" })),
	};
}

/** The same, where either of the files may be missing. */
export function identityOf(
	certificate: Named | undefined,
	key: Named | undefined,
	fail: Fail,
): TlsIdentity | undefined {
	if (certificate === undefined && key === undefined) return undefined;
	if (certificate !== undefined && key !== undefined) return readIdentity(certificate, key, fail);
	return fail(`${(certificate ?? key)?.name} is of no use alone: a device shows a certificate, and signs with its key`);
}

function parse(pem: string, { path }: Named, fail: Fail): X509Certificate {
	try {
		return new X509Certificate(pem);
	} catch {
		return fail(`a certificate in ${path} cannot be read`);
	}
}

/** Says nothing of what OpenSSL says: it might repeat what is in the file. */
function parseKey(key: Named, fail: Fail): KeyObject {
	const pem = readNamed(key.name, key.path, fail);
	if (pem.includes("ENCRYPTED"))
		fail(`${key.name} names ${key.path}, which wants a password: take it off with "openssl pkey -in ... -out ..."`);
	try {
		return createPrivateKey(pem);
	} catch {
		return fail(`${key.name} names ${key.path}, which holds no private key in PEM form`);
	}
}

function checkKind(
	{ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject,
	key: Named,
	fail: Fail,
): void {
	const bits = details?.modulusLength ?? 0;
	if (type === "rsa" && bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX) return;
	if (type === "ec" && details?.namedCurve === "prime256v1") return;
	fail(`${key.name} names a key that a chip cannot use: it must be RSA of 2048 to 4096 bits, or ECDSA on P-256`);
}

/** Pins as they are written, "sha256/" and base64 (RFC 7469 §2.4); undefined for none. */
export function readPins(name: string, texts: readonly string[], fail: Fail): readonly Uint8Array[] | undefined {
	if (texts.length === 0) return undefined;
	const pins = texts.map((text) => {
		const bytes = Buffer.from(text.replace(/^sha256\//, ""), "base64");
		if (!text.startsWith("sha256/") || bytes.length !== PIN_BYTES)
			fail(`${name} holds "${text}", which is not sha256/ and the base64 of the SHA-256 of a public key`);
		return new Uint8Array(bytes);
	});
	if (new Set(texts).size < 2)
		fail(`${name} holds only one pin: with no second one, of a key kept in reserve, a lost key locks all devices out`);
	return pins;
}

/** The name of an application protocol. */
export function checkProtocol(name: string, text: string | undefined, fail: Fail): string | undefined {
	if (text === undefined) return undefined;
	// Printable ASCII: as all that are registered.
	if (!/^[!-~]+$/.test(text) || text.length > PROTOCOL_BYTES_MAX)
		fail(`${name} is not 1 to ${PROTOCOL_BYTES_MAX} letters, digits and signs, such as x-amzn-mqtt-ca or mqtt`);
	return text;
}

/** Who a device is, as Node.js wants it. Throws `Refused` for a key that a chip could not use. */
export function identityPem({ certificates, key }: TlsIdentity): { readonly cert: string; readonly key: string } {
	readPrivateKey(key);
	return { cert: certificates.map((der) => toPem("CERTIFICATE", der)).join(""), key: toPem("PRIVATE KEY", key) };
}

/** DER as PEM (RFC 7468). */
export function toPem(what: string, der: Uint8Array): string {
	const lines =
		Buffer.from(der)
			.toString("base64")
			.match(/.{1,64}/g) ?? [];
	return `-----BEGIN ${what}-----\n${lines.join("\n")}\n-----END ${what}-----\n`;
}
