import "../../scripts/pki/reflect.js";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

const DAY_MS = 86_400_000;
/** When all of this takes place. */
export const NOW_MS = Date.UTC(2026, 10, 25, 12);

type Keys = webcrypto.CryptoKeyPair;
type Algorithm = webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams;

const EXPONENT = new Uint8Array([1, 0, 1]);
/** Kinds of keys that a certificate may have here. */
export const KEYS = {
	p256: { name: "ECDSA", namedCurve: "P-256" },
	p384: { name: "ECDSA", namedCurve: "P-384" },
	p521: { name: "ECDSA", namedCurve: "P-521" },
	rsa2048: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: EXPONENT },
	rsa1024: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 1024, publicExponent: EXPONENT },
	rsaSha1: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1", modulusLength: 2048, publicExponent: EXPONENT },
	rsaPss: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32, modulusLength: 2048, publicExponent: EXPONENT },
	ed25519: { name: "Ed25519" },
} satisfies Record<string, Algorithm | { name: string; hash?: string; saltLength?: number }>;

export type KeyKind = keyof typeof KEYS;

/** A certificate and its keys. */
export interface Issued {
	readonly name: string;
	readonly keys: Keys;
	readonly der: Uint8Array;
	readonly certificate: x509.X509Certificate;
	readonly kind: KeyKind;
}

/** What may differ from an ordinary certificate. */
export interface Wish {
	readonly name?: string;
	readonly by?: Issued;
	readonly key?: KeyKind;
	/** The keys themselves. */
	readonly keys?: Keys;
	readonly hash?: string;
	/** When all of this takes place, if not at `NOW_MS`. */
	readonly nowMs?: number;
	readonly fromDays?: number;
	readonly untilDays?: number;
	/** Host names and addresses; none for `[]`. */
	readonly names?: readonly string[];
	/** Undefined for a server. */
	readonly authority?: { readonly pathLength?: number } | undefined;
	readonly usage?: number | undefined;
	readonly purposes?: readonly string[];
	readonly extra?: readonly x509.Extension[];
	/** Every usual extension left out. */
	readonly bare?: boolean;
}

const made = new Map<KeyKind, Keys>();

/** A new key pair, or with `shared` one of this kind that was made before. */
export async function makeKeys(kind: KeyKind, shared = false): Promise<Keys> {
	const known = made.get(kind);
	if (shared && known !== undefined) return known;
	const keys = (await webcrypto.subtle.generateKey(KEYS[kind] as Algorithm, true, ["sign", "verify"])) as Keys;
	made.set(kind, keys);
	return keys;
}

/** A root of its own. */
export function root(wish: Wish = {}): Promise<Issued> {
	return issue({ name: "root", authority: {}, ...wish });
}

/** A certificate of a server or of an authority. */
export async function issue(wish: Wish): Promise<Issued> {
	const { by, key = "p256", hash = "SHA-256", nowMs = NOW_MS, fromDays = -1, untilDays = 90, authority } = wish;
	const name = wish.name ?? (authority === undefined ? "server" : "authority");
	const keys = wish.keys ?? (await makeKeys(key, key.startsWith("rsa")));
	const signer = by?.kind ?? key;
	const algorithm = { ...KEYS[signer], ...(signer.startsWith("p") ? { hash } : {}) };
	const certificate = await x509.X509CertificateGenerator.create(
		{
			serialNumber: "01",
			subject: `CN=${name}`,
			issuer: `CN=${by?.name ?? name}`,
			notBefore: new Date(nowMs + fromDays * DAY_MS),
			notAfter: new Date(nowMs + untilDays * DAY_MS),
			publicKey: keys.publicKey,
			signingKey: (by?.keys ?? keys).privateKey,
			signingAlgorithm: algorithm as webcrypto.EcdsaParams,
			extensions: extensionsOf(wish),
		},
		webcrypto as never,
	);
	return { name, keys, der: new Uint8Array(certificate.rawData), certificate, kind: key };
}

function extensionsOf({
	authority,
	usage,
	purposes,
	names = ["broker.test"],
	extra = [],
	bare,
}: Wish): x509.Extension[] {
	if (bare) return [...extra];
	const flags = x509.KeyUsageFlags;
	const usual = authority === undefined ? flags.digitalSignature : flags.keyCertSign | flags.cRLSign;
	const extensions: x509.Extension[] = [
		new x509.BasicConstraintsExtension(authority !== undefined, authority?.pathLength, true),
		new x509.KeyUsagesExtension(usage ?? usual, true),
	];
	if (purposes !== undefined) extensions.push(new x509.ExtendedKeyUsageExtension([...purposes]));
	else if (authority === undefined)
		extensions.push(new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]));
	if (authority === undefined && names.length > 0) extensions.push(namesOf(names));
	return [...extensions, ...extra];
}

/** A subjectAltName of host names and addresses. */
export function namesOf(names: readonly string[]): x509.Extension {
	return new x509.SubjectAlternativeNameExtension(
		names.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
	);
}

/** Key and certificate, as a TLS server of Node.js takes them. */
export async function pem({ keys, certificate }: Issued) {
	const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
	return { key: x509.PemConverter.encode(key, "PRIVATE KEY"), cert: certificate.toString("pem") };
}
