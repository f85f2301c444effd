import "./reflect.js";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

const RSA = {
	name: "RSASSA-PKCS1-v1_5",
	hash: "SHA-256",
	// Every client knows it, the oldest too; more bits would take a chip longer.
	modulusLength: 2048,
	publicExponent: new Uint8Array([1, 0, 1]),
};
const DAY_MS = 86_400_000;
const SKEW_MS = DAY_MS; // clients whose clocks are a little behind still accept a fresh certificate
const AUTHORITY_DAYS = 3_650;
const SERVER_DAYS = 397; // no client wants longer ones

export interface Signed {
	readonly certificate: x509.X509Certificate;
	readonly keys: CryptoKeyPair;
}

type CryptoKeyPair = webcrypto.CryptoKeyPair;

/** A new RSA key pair; several are made at once on several cores. */
export function makeKeys(): Promise<CryptoKeyPair> {
	return webcrypto.subtle.generateKey(RSA, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

/** A self-signed root. */
export function makeRoot(keys: CryptoKeyPair, nowMs: number): Promise<Signed> {
	return issue({
		name: "Farpin private root",
		keys,
		issuer: undefined,
		nowMs,
		days: AUTHORITY_DAYS,
		extensions: ca(1),
	});
}

/** An authority signed by the root, whose own key is needed no more after that. */
export function makeIntermediate(keys: CryptoKeyPair, issuer: Signed, nowMs: number): Promise<Signed> {
	return issue({ name: "Farpin private issuer", keys, issuer, nowMs, days: AUTHORITY_DAYS, extensions: ca(0) });
}

/** The certificate of a server that is reached under `names`: host names and IP addresses. */
export function makeServer(
	keys: CryptoKeyPair,
	issuer: Signed,
	names: readonly string[],
	nowMs: number,
): Promise<Signed> {
	const usage = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment;
	const extensions = [
		new x509.BasicConstraintsExtension(false, undefined, true),
		new x509.KeyUsagesExtension(usage, true),
		new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
		new x509.SubjectAlternativeNameExtension(
			names.map((name) => ({ type: isIP(name) === 0 ? ("dns" as const) : ("ip" as const), value: name })),
		),
	];
	return issue({ name: names[0] ?? "localhost", keys, issuer, nowMs, days: SERVER_DAYS, extensions });
}

function ca(pathLength: number): x509.Extension[] {
	const usage = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
	return [new x509.BasicConstraintsExtension(true, pathLength, true), new x509.KeyUsagesExtension(usage, true)];
}

interface Order {
	readonly name: string;
	readonly keys: CryptoKeyPair;
	/** Undefined: signed with its own key. */
	readonly issuer: Signed | undefined;
	readonly nowMs: number;
	readonly days: number;
	readonly extensions: x509.Extension[];
}

async function issue({ name, keys, issuer, nowMs, days, extensions }: Order): Promise<Signed> {
	const signer = issuer ?? { keys, certificate: undefined };
	const certificate = await x509.X509CertificateGenerator.create(
		{
			serialNumber: serialNumber(),
			subject: [{ CN: [name] }],
			issuer: signer.certificate?.subject ?? [{ CN: [name] }],
			notBefore: new Date(nowMs - SKEW_MS),
			notAfter: new Date(nowMs + days * DAY_MS),
			publicKey: keys.publicKey,
			signingKey: signer.keys.privateKey,
			signingAlgorithm: RSA,
			extensions: [
				...extensions,
				await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
				await x509.AuthorityKeyIdentifierExtension.create(signer.keys.publicKey),
			],
		},
		webcrypto as unknown as Crypto,
	);
	return { certificate, keys };
}

/** 16 random bytes, positive and without a leading zero, as RFC 5280 section 4.1.2.2 wants them. */
function serialNumber(): string {
	const bytes = webcrypto.getRandomValues(new Uint8Array(16));
	bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
	return Buffer.from(bytes).toString("hex");
}

/** The private key as PEM (PKCS #8). */
export async function keyPem(keys: CryptoKeyPair): Promise<string> {
	return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
}

/** A key pair from its private key's PEM and its certificate. */
export async function loadSigned(certificatePem: string, privatePem: string): Promise<Signed> {
	const certificate = new x509.X509Certificate(certificatePem);
	const [der] = x509.PemConverter.decode(privatePem);
	if (der === undefined) throw new Error("there is no private key in it");
	const privateKey = await webcrypto.subtle.importKey("pkcs8", der, RSA, true, ["sign"]);
	const publicKey = await webcrypto.subtle.importKey("spki", certificate.publicKey.rawData, RSA, true, ["verify"]);
	return { certificate, keys: { privateKey, publicKey } as CryptoKeyPair };
}
