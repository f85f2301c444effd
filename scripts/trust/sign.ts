import { createHmac, randomFillSync, randomUUID, sign } from "node:crypto";
import { Fault } from "../../firmware/model/fault.js";
import { sealJwe } from "../../firmware/trust/jwe.js";
import { readKey } from "../../firmware/trust/keys.js";
import { nodeCrypto } from "../board/crypto.js";
import { pcText } from "../board/text.js";
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

/** What is signed to order an update. */
export interface OrderToSign extends Omit<CommandToSign, "command"> {
	/** The order, as it would be sent unsigned. */
	readonly order: object;
}

/** A signed order: as a signed command, but for the claim that it is in, so that neither passes for the other. */
export function signOrder(key: OwnerKey, { order, ...rest }: OrderToSign): string {
	return signJws(key, { ...claimsOf(rest), order });
}

/** A signed command: a JWS in compact form (RFC 7515 §7.1), as the device takes it. Throws a Fault without a private key. */
export function signCommand(key: OwnerKey, { command, ...rest }: CommandToSign): string {
	return signJws(key, { ...claimsOf(rest), command });
}

function claimsOf({ device, nowMs, validS, name = randomUUID() }: Omit<CommandToSign, "command">): object {
	const iat = Math.floor(nowMs / 1_000);
	return { aud: device, iat, exp: iat + validS, jti: name };
}

/** Any object, signed. */
export function signJws({ id, algorithm, secret }: OwnerKey, payload: object): string {
	if (algorithm !== "ES256" && algorithm !== "HS256")
		throw new Fault(id, "this key is for sealing", "sign with another");
	if (secret === undefined) throw new Fault(id, "this is the public half of a key", "sign with the private one");
	const input = `${encoded({ alg: algorithm, kid: id })}.${encoded(payload)}`;
	const signature = Buffer.isBuffer(secret)
		? createHmac("sha256", secret).update(input).digest()
		: sign("sha256", Buffer.from(input), { key: secret, dsaEncoding: "ieee-p1363" });
	return `${input}.${signature.toString("base64url")}`;
}

/** Something that was signed, sealed for whoever has the other key: a JWS in a JWE in compact form (RFC 7516 §7.1). */
export function sealToken(token: string, { id, algorithm, line }: OwnerKey): string {
	if (algorithm !== "A128GCM" && algorithm !== "A256GCM")
		throw new Fault(id, "this key is for signing", "seal with another");
	const header = JSON.stringify({ alg: "dir", enc: algorithm, kid: id, cty: "JWT" });
	const clock = { monotonicMs: () => performance.now(), wallMs: () => Date.now(), setWallMs: () => undefined };
	const board = { clock, crypto: nodeCrypto, random: randomFillSync, text: pcText };
	return Buffer.from(sealJwe(header, pcText.encode(token), readKey(line, pcText), board)).toString();
}

function encoded(value: object): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}
