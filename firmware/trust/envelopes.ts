import type { Envelope, EnvelopeNeeds } from "../model/envelope.js";
import { readJson } from "../model/json.js";
import { bytesOf, Compact, CompactWriter } from "../security/compact.js";
import { sealJwe } from "./jwe.js";
import { looksSigned } from "./jws.js";
import { type Key, KeyRing } from "./keys.js";

const SIGNATURE_BYTES = 32;

/** Which key of the device's settings is meant. */
export interface EnvelopeOptions {
	readonly key: string;
}

/**
 * For `envelope` in the device file: every batch of telemetry is signed, as a JWS with HS256. Whoever has the key knows that
 * it is what the device measured; everybody can read it.
 */
export function signedTelemetry({ key }: EnvelopeOptions): Envelope {
	return Object.freeze<Envelope>({
		key,
		covers: (topic) => topic === "telemetry",
		isOwn: comesFromDevice,
		wrap: (payload, topic, needs) => wrap(payload, topic, needs, key, ["HS256"]),
	});
}

/**
 * For `envelope` in the device file: all that the device says, but `status` and `about`, is sealed, as a JWE with AES-GCM,
 * for whoever has the key. The broker and everybody else see topics, lengths and times.
 */
export function sealedMessages({ key }: EnvelopeOptions): Envelope {
	return Object.freeze<Envelope>({
		key,
		covers: (topic) => topic !== "status" && topic !== "about",
		isOwn: comesFromDevice,
		wrap: (payload, topic, needs) => wrap(payload, topic, needs, key, ["A128GCM", "A256GCM"]),
	});
}

/** Only what devices say has the topic in its header. */
function comesFromDevice(message: Uint8Array, { text }: EnvelopeNeeds["board"]): boolean {
	if (!looksSigned(message)) return false;
	try {
		const header = readJson(new Compact(message, message.length).part(0), text);
		return header instanceof Map && header.has("topic");
	} catch {
		return false; // whoever reads it says what is wrong with it
	}
}

function wrap(
	payload: string | Uint8Array,
	topic: string,
	needs: EnvelopeNeeds,
	keyId: string,
	algorithms: readonly Key["algorithm"][],
): Uint8Array | undefined {
	try {
		const key = new KeyRing(needs.board, needs.keys).find(keyId);
		if (!algorithms.includes(key.algorithm)) return undefined;
		const plain = bytesOf(payload, needs.board.text);
		const nowMs = needs.board.clock.wallMs();
		// A message is of this topic and this moment, wherever and whenever somebody lets it turn up again.
		const more = `"kid":"${key.id}","topic":${JSON.stringify(topic)}${nowMs === undefined ? "" : `,"iat":${Math.floor(nowMs / 1_000)}`}`;
		if (key.algorithm === "HS256") return sign(`{"alg":"HS256",${more}}`, plain, key, needs);
		return sealJwe(`{"alg":"dir","enc":"${key.algorithm}",${more}}`, plain, key, needs.board);
	} catch {
		return undefined; // no such key, or the flash does not tell: nothing goes out in the clear
	}
}

function sign(header: string, payload: Uint8Array, key: Key, { board }: EnvelopeNeeds): Uint8Array {
	const head = board.text.encode(header);
	const writer = new CompactWriter([head.length, payload.length, SIGNATURE_BYTES]);
	writer.add(head);
	const input = writer.add(payload);
	writer.add(board.crypto.hmac(key.bytes, input));
	return writer.token;
}
