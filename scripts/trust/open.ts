import { createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import type { OwnerKey } from "./key-files.js";

/** A message of a device, out of its envelope. */
export interface Opened {
	readonly payload: Buffer;
	/** What vouches for it: nothing, the device's signature, or that nobody else could have sealed it. */
	readonly proof: "none" | "signed" | "sealed";
	/** When the device put it into its envelope, seconds since 1970, where it knew. */
	readonly issuedS: number | undefined;
}

interface Header {
	readonly alg?: unknown;
	readonly enc?: unknown;
	readonly kid?: unknown;
	readonly topic?: unknown;
	readonly iat?: unknown;
}

const TAG_BYTES = 16;
const BEGINNING = "eyJ"; // Base64url of `{"`, which no message without an envelope begins with

/**
 * Opens a message that a device published to `topic`. One without an envelope is passed on as it is, and said to be proved
 * by nothing. Throws one plain sentence when there is an envelope, and it is not of this topic, key or content.
 */
export function openMessage(payload: Buffer, topic: string, keys: readonly OwnerKey[]): Opened {
	const parts = payload.subarray(0, BEGINNING.length).toString() === BEGINNING ? payload.toString().split(".") : [];
	if (parts.length !== 3 && parts.length !== 5) return { payload, proof: "none", issuedS: undefined };
	const header = headerOf(parts[0] as string);
	const key = keys.find(({ id }) => id === header.kid);
	if (key === undefined)
		throw new Error(`its key ${JSON.stringify(header.kid)} is not here: npx farpin key makes keys`);
	const opened = parts.length === 3 ? verified(parts, header, key) : decrypted(parts, header, key);
	if (header.topic !== topic) throw new Error(`it was made for the topic ${JSON.stringify(header.topic)}`);
	const issuedS = typeof header.iat === "number" ? header.iat : undefined;
	return { payload: opened, proof: parts.length === 3 ? "signed" : "sealed", issuedS };
}

function headerOf(part: string): Header {
	try {
		const header: unknown = JSON.parse(decoded(part).toString());
		if (typeof header === "object" && header !== null && !("crit" in header) && !("b64" in header)) return header;
	} catch {
		// Told below.
	}
	throw new Error("its header cannot be understood");
}

function verified([head = "", body = "", signature = ""]: readonly string[], header: Header, key: OwnerKey): Buffer {
	if (key.algorithm !== "HS256" || header.alg !== "HS256" || !Buffer.isBuffer(key.secret))
		throw new Error(`it is not signed as the key ${key.id} wants`);
	const right = createHmac("sha256", key.secret).update(`${head}.${body}`).digest();
	const given = decoded(signature);
	if (given.length !== right.length || !timingSafeEqual(given, right))
		throw new Error(`its signature was not made with the key ${key.id}`);
	return decoded(body);
}

function decrypted(
	[head = "", wrapped, nonce = "", body = "", tag = ""]: readonly string[],
	header: Header,
	key: OwnerKey,
) {
	const { algorithm, secret, id } = key;
	if (header.alg !== "dir" || wrapped !== "" || header.enc !== algorithm || !Buffer.isBuffer(secret))
		throw new Error(`it is not sealed as the key ${id} wants`);
	const cipher = algorithm === "A128GCM" ? "aes-128-gcm" : algorithm === "A256GCM" ? "aes-256-gcm" : undefined;
	if (cipher === undefined) throw new Error(`the key ${id} is not one for sealing`);
	try {
		const options = { authTagLength: TAG_BYTES };
		const open = createDecipheriv(cipher, secret, decoded(nonce), options).setAAD(Buffer.from(head));
		open.setAuthTag(decoded(tag));
		return Buffer.concat([open.update(decoded(body)), open.final()]);
	} catch {
		throw new Error(`it was not sealed with the key ${id}`);
	}
}

function decoded(part: string): Buffer {
	return Buffer.from(part, "base64url");
}
