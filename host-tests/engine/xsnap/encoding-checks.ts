import { defineDevice } from "../../../firmware/model/device.js";
import type { Encoding, JsonValue } from "../../../firmware/model/document.js";
import { json } from "../../../firmware/model/json.js";
import { messagePack } from "../../../firmware/model/message-pack.js";
import { temperature } from "../../../firmware/model/quantity.js";
import type { Text } from "../../../firmware/ports/text.js";
import { type Check, equal, ok, throws } from "../../contracts/checks.js";
import { Batch } from "../../runtime/batch.js";

/** The document {"id":"ä","n":[21.5,21.53,-1,1700000000000,true,null]} in MessagePack. */
const PACKED = [
	...[0x82, 0xa2, 0x69, 0x64, 0xa2, 0xc3, 0xa4, 0xa1, 0x6e, 0x96, 0xca, 0x41, 0xac, 0, 0],
	...[0xcb, 0x40, 0x35, 0x87, 0xae, 0x14, 0x7a, 0xe1, 0x48, 0xff],
	...[0xcf, 0, 0, 0x01, 0x8b, 0xcf, 0xe5, 0x68, 0, 0xc3, 0xc0],
];
const PLAIN = '{"id":"ä","n":[21.5,21.53,-1,1700000000000,true,null]}';

const BAD_PACKED = [
	[0xc1],
	[0xc4, 1, 0],
	[0xd6, 0xff, 0, 0, 0, 0],
	[0x81, 1, 2],
	[0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2],
	[0xca, 0x7f, 0xc0, 0, 0],
	[0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0],
	[0xdb, 0xff, 0xff, 0xff, 0xff, 0x61],
	[0xdd, 0xff, 0xff, 0xff, 0xff],
	[0xdf, 0xff, 0xff, 0xff, 0xff],
	[0x91, 0x91, 0x91, 0x91, 0x91, 1],
	[0xa1, 0xff],
	[1, 1],
];

/** What must be so of both encodings on every engine. */
export function encodingChecks(text: Text): Check[] {
	return [
		{ name: "MessagePack out, byte for byte", run: () => equal([...packed(text)], PACKED, "the document") },
		{ name: "MessagePack in, as JSON in", run: () => sameValue(text) },
		{ name: "MessagePack cut short at any byte, or bad, is refused", run: () => badPacked(text) },
		{ name: "half a surrogate pair, 1e400 and bad UTF-8 in JSON", run: () => oddJson(text) },
		{ name: "telemetry in JSON", run: () => telemetryIn(json, text) },
		{ name: "telemetry in MessagePack", run: () => telemetryIn(messagePack, text) },
	];
}

function packed(text: Text): Uint8Array {
	return messagePack.payload(PLAIN, text) as Uint8Array;
}

function flat(value: JsonValue): unknown {
	if (value instanceof Map) return [...value].map(([name, member]) => [name, flat(member)]);
	return Array.isArray(value) ? value.map(flat) : value;
}

function sameValue(text: Text): void {
	equal(flat(messagePack.read(packed(text), text)), flat(json.read(text.encode(PLAIN), text)), "the values");
	const proto = messagePack.read(messagePack.payload('{"__proto__":1,"toString":2}', text) as Uint8Array, text);
	ok(proto instanceof Map, "an object is a Map");
	equal([proto.get("__proto__"), proto.get("toString"), proto.size], [1, 2, 2], "its members");
}

function badPacked(text: Text): void {
	for (let end = 0; end < PACKED.length; end++)
		throws(() => messagePack.read(Uint8Array.from(PACKED.slice(0, end)), text), `${end} bytes of it`);
	for (const bad of BAD_PACKED) throws(() => messagePack.read(Uint8Array.from(bad), text), bad.join());
}

function oddJson(text: Text): void {
	throws(() => json.read(text.encode("1e400"), text), "1e400");
	equal(json.read(text.encode("1e308"), text), 1e308, "1e308");
	throws(() => json.read(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), text), "half a pair in UTF-8");
	throws(() => json.read(Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), text), "an overlong form");
	equal(typeof json.read(text.encode('"\\ud800"'), text), "string", "half a pair, escaped");
}

/** A batch that is full, and one that is small enough for our own reader. */
function telemetryIn(encoding: Encoding, text: Text): void {
	const measures = { inside: temperature(), outside: temperature() };
	const device = defineDevice({
		name: "Test",
		encoding,
		entities: { air: { kind: "sensor", model: "none", measures, everyMs: 1_000, pins: [], open: unopened } },
	});
	const telemetry = new Batch(device, text);
	telemetry.begin(2, 0);
	let seq = 1;
	while (telemetry.add(seq, seq, 0, Float64Array.of(seq / 8, -seq / 10), 0)) seq++;
	ok(seq > 10 && telemetry.count === seq - 1, `${telemetry.count} samples fit`);
	ok(telemetry.end().length <= 1_024, "in its block");
	telemetry.begin(2, 0);
	telemetry.add(7, 1_700_000_000_000, 0, Float64Array.of(21.500000000000004, -0.04), 0);
	telemetry.add(8, undefined, 0, Float64Array.of(-12.346, 1e12), 0);
	const values = (inside: number, outside: number) => [
		["air-inside", inside],
		["air-outside", outside],
	];
	const sample = (each: number, time: number | null, of: unknown) => [
		["seq", each],
		["time", time],
		["values", of],
	];
	const samples = [sample(7, 1_700_000_000_000, values(21.5, -0.04)), sample(8, null, values(-12.35, 1e12))];
	const batch = telemetry.end();
	const bytes = typeof batch === "string" ? text.encode(batch) : batch;
	equal(
		flat(encoding.read(bytes, text)),
		[
			["boot", 2],
			["samples", samples],
		],
		"the batch",
	);
}

function unopened(): never {
	throw new Error("this part is only described, never opened");
}
