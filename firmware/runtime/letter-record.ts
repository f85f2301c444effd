import type { Text } from "../ports/text.js";
import type { ClockOrigins } from "./clock-origins.js";
import type { Letter } from "./mailbox.js";
import { type Packer, Unpacker } from "./packing.js";

// How one event or result lies in flash: boot and, where known, the time at which its clock stood at 0; when it
// happened, plus 1, or 0; then topic, payload and correlation data, each behind its length, the last one plus 1, or 0.

/** Puts a letter of the start `boot` into `packer`. Whether it fits, the packer tells. */
export function writeLetter(
	{ topic, payload, atMs, correlationData }: Letter,
	boot: number,
	originMs: number | undefined,
	text: Text,
	packer: Packer,
): void {
	packer.length = 0;
	packer.whole(boot);
	packer.whole(originMs === undefined ? 0 : Math.round(originMs));
	packer.whole(atMs === undefined ? 0 : atMs + 1);
	writeBytes(packer, text.encode(topic), 0);
	writeBytes(packer, text.encode(payload), 0);
	if (correlationData === undefined) packer.whole(0);
	else writeBytes(packer, correlationData, 1);
}

function writeBytes(packer: Packer, bytes: Uint8Array, more: number): void {
	packer.whole(bytes.length + more);
	packer.raw(bytes);
}

/** The letter in `bytes[at..end)`, or undefined when there is none. */
export function readLetter(
	bytes: Uint8Array,
	at: number,
	end: number,
	origins: ClockOrigins,
	text: Text,
): Letter | undefined {
	const unpacker = new Unpacker(bytes, at, end);
	const boot = unpacker.whole();
	const originMs = unpacker.whole() || origins.of(boot);
	const atMs = unpacker.whole() - 1;
	const topic = unpacker.raw(unpacker.whole());
	const payload = unpacker.raw(unpacker.whole());
	const more = unpacker.whole();
	const correlationData = more === 0 ? undefined : unpacker.raw(more - 1);
	if (!unpacker.isDone) return undefined;
	try {
		return {
			topic: text.decode(topic, 0, topic.length),
			payload: text.decode(payload, 0, payload.length),
			...(atMs < 0 ? {} : { atMs, originMs: originMs ?? null }),
			correlationData,
		};
	} catch {
		return undefined;
	}
}
