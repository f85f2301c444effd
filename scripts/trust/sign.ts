import { createHmac, randomUUID, sign } from "node:crypto";
import { Fault } from "../../firmware/model/fault.js";
import type { OwnerKey } from "./key-files.js";

/** What is to be signed. */
export interface CommandToSign {
	/** The device that it is for: its name in topics. */
	readonly device: string;
	/** The document, as it would be sent unsigned. */
	readonly command: object;
	/** Now, milliseconds since 1970. */
	readonly nowMs: number;
	/** How long it holds. */
	readonly validS: number;
	/** A name that no other command has; made at random unless given. */
	readonly name?: string;
}

/** A signed command: a JWS in compact form (RFC 7515 §7.1), as the device takes it. Throws a Fault without a private key. */
export function signCommand(
	key: OwnerKey,
	{ device, command, nowMs, validS, name = randomUUID() }: CommandToSign,
): string {
	const iat = Math.floor(nowMs / 1_000);
	return signJws(key, { aud: device, iat, exp: iat + validS, jti: name, command });
}

/** Any object, signed. */
export function signJws({ id, algorithm, secret }: OwnerKey, payload: object): string {
	if (secret === undefined) throw new Fault(id, "this is the public half of a key", "sign with the private one");
	const input = `${encoded({ alg: algorithm, kid: id })}.${encoded(payload)}`;
	const signature = Buffer.isBuffer(secret)
		? createHmac("sha256", secret).update(input).digest()
		: sign("sha256", Buffer.from(input), { key: secret, dsaEncoding: "ieee-p1363" });
	return `${input}.${signature.toString("base64url")}`;
}

function encoded(value: object): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}
