import { bme280 } from "../../../firmware/drivers/bme280.js";
import type { JsonValue } from "../../../firmware/model/document.js";
import { readJson } from "../../../firmware/model/json.js";
import { type PressEvent, PressMachine } from "../../../firmware/model/press.js";
import { sensor } from "../../../firmware/model/sensor.js";
import { decode, encode } from "../../../firmware/mqtt/codec.js";
import { Framer } from "../../../firmware/mqtt/framer.js";
import type { PacketOut } from "../../../firmware/mqtt/packet.js";
import { useText } from "../../../firmware/mqtt/standins/text.js";
import type { Text } from "../../../firmware/ports/text.js";
import { type Check, equal, ok, throws } from "../../contracts/checks.js";
import { clockContract } from "../../contracts/clock-contract.js";
import { RecordingEntry } from "../../contracts/entry.js";
import { storeContract } from "../../contracts/store-contract.js";
import { malformedChecks } from "../../mqtt/malformed-checks.js";
import { Bme280Chip } from "../../virtual/bme280-chip.js";
import { VirtualBoard } from "../../virtual/board.js";
import { plainText } from "../../virtual/text.js";
import { cloudChecks } from "./cloud-checks.js";
import { encodingChecks } from "./encoding-checks.js";
import { settingsChecks } from "./settings-checks.js";

/** One letter of each length in UTF-8, and whatever is told apart only at a boundary. */
const TEXTS = [
	"",
	"plain",
	"Grüße",
	"温度 21 °C",
	"\u{1f321}",
	"a\u0000b",
	"\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}",
];

const MALFORMED = [
	[0x80],
	[0xc0, 0x80],
	[0xe0, 0x80, 0x80],
	[0xed, 0xa0, 0x80],
	[0xf4, 0x90, 0x80, 0x80],
	[0xc3],
	[0xff],
];

/** What must be so on every engine that runs the firmware, given that engine's UTF-8. */
export function engineChecks(text: Text): Check[] {
	useText(text);
	return [
		{ name: "UTF-8 both ways, the engine's and ours", run: () => utf8(text) },
		{ name: "malformed UTF-8 is refused", run: () => malformed(text) },
		{ name: "the codec reads what it writes, in both versions", run: () => codec(text) },
		{ name: "the codec writes the very bytes of the specification", run: () => golden() },
		{ name: "packets come out whole however the bytes are cut", run: () => framing() },
		{ name: "a packet too large is refused at its length", run: () => tooLarge() },
		{ name: "JSON in, values out", run: () => json(text) },
		{ name: "a bad JSON document is refused", run: () => badJson(text) },
		{ name: "a name in JSON is never a name of the engine's", run: () => names(text) },
		{ name: "the BME280's formulas come out the same", run: () => compensation() },
		{ name: "presses, holds and bounces", run: () => presses() },
		...encodingChecks(text),
		...cloudChecks(text).map(under("cloud")),
		...settingsChecks(text).map(under("settings on a board")),
		...malformedChecks(text).map(under("MQTT")),
		...clockContract(virtualClock).map(under("clock")),
		...storeContract(virtualStore).map(under("store")),
	];
}

function under(subject: string): (check: Check) => Check {
	return ({ name, run }) => ({ name: `${subject}: ${name}`, run });
}

function utf8(text: Text): void {
	for (const sample of TEXTS) {
		const bytes = text.encode(sample);
		equal([...bytes], [...plainText.encode(sample)], `bytes of ${JSON.stringify(sample)}`);
		const into = new Uint8Array(bytes.length + 2);
		equal(text.write(sample, into, 1), bytes.length, "bytes written");
		equal(text.decode(into, 1, 1 + bytes.length), sample, "text read back");
		if (bytes.length > 0) equal(text.write(sample, new Uint8Array(bytes.length - 1), 0), -1, "where it does not fit");
	}
}

function malformed(text: Text): void {
	for (const bytes of MALFORMED) {
		throws(() => text.decode(Uint8Array.from(bytes), 0, bytes.length), `the engine, of ${bytes.join()}`);
		throws(() => plainText.decode(Uint8Array.from(bytes), 0, bytes.length), `ours, of ${bytes.join()}`);
	}
}

function packetsOf(text: Text): PacketOut[] {
	const payload = text.encode('{"on":true,"unit":"°C"}');
	return [
		{ cmd: "connect", clientId: "farpin-1", clean: true, keepalive: 30, username: "me", password: "secret" },
		{
			cmd: "publish",
			topic: "farpin/greenhouse/air/state",
			payload,
			qos: 1,
			retain: true,
			dup: false,
			messageId: 0xabcd,
		},
		{ cmd: "subscribe", messageId: 7, subscriptions: [{ topic: "farpin/+/set", qos: 1 }] },
		{ cmd: "puback", messageId: 0x1234 },
		{ cmd: "pingreq" },
	];
}

function codec(text: Text): void {
	for (const version of [4, 5] as const) {
		for (const packet of packetsOf(text)) {
			const bytes = new Uint8Array(512);
			const out = packet.cmd === "connect" ? { ...packet, protocolVersion: version } : packet;
			const count = encode(out, bytes, version);
			ok(count > 0, `${packet.cmd} can be written`);
			const back = decode(bytes, 0, count, version);
			ok(back !== undefined, `${packet.cmd} can be read`);
			equal([back.cmd, back.messageId], [packet.cmd, packet.messageId], "what was read");
			if (packet.cmd !== "publish") continue;
			equal([back.topic, back.qos, back.retain], [packet.topic, packet.qos, packet.retain], "the message");
			equal([...(back.payload ?? [])], [...(packet.payload as Uint8Array)], "the payload");
		}
	}
}

function golden(): void {
	const bytes = new Uint8Array(64);
	const publish = { cmd: "publish", topic: "a/b", payload: "hi", qos: 1, retain: false, dup: false, messageId: 10 };
	// MQTT 3.1.1 §3.3, MQTT 5 §3.3: the same but for the length of the properties, 0.
	const [first, topic, id, payload] = [0x32, [0, 3, 0x61, 0x2f, 0x62], [0, 10], [0x68, 0x69]];
	const count4 = encode(publish, bytes, 4);
	equal([...bytes.subarray(0, count4)], [first, 9, ...topic, ...id, ...payload], "PUBLISH of 3.1.1");
	const count5 = encode(publish, bytes, 5);
	equal([...bytes.subarray(0, count5)], [first, 10, ...topic, ...id, 0, ...payload], "PUBLISH of 5");
}

function framing(): void {
	const stream = Uint8Array.of(0xd0, 0, 0x30, 5, 0, 1, 0x61, 0x68, 0x69, 0x40, 2, 0, 7, 0xd0, 0);
	const whole = cut(stream, stream.length);
	equal(whole, ["208,0", "48,5,0,1,97,104,105", "64,2,0,7", "208,0"], "packets in one piece");
	for (let size = 1; size < stream.length; size++) equal(cut(stream, size), whole, `packets in pieces of ${size}`);
}

function cut(stream: Uint8Array, size: number): string[] {
	const framer = new Framer(new Uint8Array(64), 0);
	framer.reset(4);
	const found: string[] = [];
	for (let at = 0; at < stream.length; at += size) {
		const piece = stream.slice(at, at + size);
		framer.feed(piece, piece.length);
		while (framer.next()) found.push(framer.bytes.slice(framer.start, framer.end).join());
	}
	equal(framer.fault, undefined, "fault");
	return found;
}

function tooLarge(): void {
	const framer = new Framer(new Uint8Array(64), 0);
	framer.reset(5);
	framer.feed(Uint8Array.of(0x30, 0xff, 0x7f), 3);
	ok(!framer.next(), "nothing comes out");
	ok(framer.fault !== undefined, "there is a fault");
}

function plain(value: JsonValue): unknown {
	if (value instanceof Map) return [...value].map(([name, member]) => [name, plain(member)]);
	return Array.isArray(value) ? value.map(plain) : value;
}

function json(text: Text): void {
	const document = ' {"id":"ä\\u00e4\\n","set":{"pump":"ON","target":-21.5e0,"list":[true,false,null,{}]}} ';
	const expected = [
		["id", "ää\n"],
		[
			"set",
			[
				["pump", "ON"],
				["target", -21.5],
				["list", [true, false, null, []]],
			],
		],
	];
	equal(plain(readJson(text.encode(document), text)), expected, "the document");
}

function badJson(text: Text): void {
	const deep = "[".repeat(50);
	for (const bad of [
		"",
		"{",
		'{"a":1,}',
		"[1,]",
		"01",
		"1e999",
		'"\\x"',
		'{"a":1,"a":2}',
		"nul",
		"[1] 2",
		deep,
		'"\n"',
	]) {
		throws(() => readJson(text.encode(bad), text), bad);
	}
}

function names(text: Text): void {
	const document = readJson(text.encode('{"__proto__":1,"constructor":2,"toString":3}'), text);
	ok(document instanceof Map, "an object is a Map");
	equal([document.get("__proto__"), document.get("constructor"), document.size], [1, 2, 3], "its members");
}

function compensation(): void {
	const board = new VirtualBoard();
	board.attach(new RecordingEntry());
	const chip = new Bme280Chip(board.clock);
	const buses = { main: { data: 21, clock: 22 } };
	board.hardware.attach(chip, { ...buses.main, address: bme280.addresses[0] });
	const probe = sensor(bme280, { bus: "main", every: 1_000 }).open(board.hardware, buses);
	for (const [temperature, humidity, pressure] of [
		[25.08, 40, 1_006.53],
		[-39, 5, 310],
		[84, 95, 1_095],
	] as const) {
		chip.air = { temperatureC: temperature, humidityPercent: humidity, pressureHpa: pressure };
		board.world.advance(probe.start());
		const reading = probe.read();
		ok(Math.abs(reading.temperature - temperature) < 0.01, `${reading.temperature} °C is ${temperature}`);
		ok(Math.abs(reading.humidity - humidity) < 0.1, `${reading.humidity} % is ${humidity}`);
		ok(Math.abs(reading.pressure - pressure) < 0.2, `${reading.pressure} hPa is ${pressure}`);
	}
	probe.close();
}

function presses(): void {
	const machine = new PressMachine({ debounceMs: 30, holdMs: 800 });
	const heard: PressEvent[] = [];
	let nowMs = 0;
	const play = (active: boolean, forMs: number): void => {
		const endMs = nowMs + forMs;
		const first = machine.input(active, nowMs);
		if (first !== undefined) heard.push(first);
		for (; nowMs < endMs; nowMs++) {
			const event = machine.run(nowMs);
			if (event !== undefined) heard.push(event);
		}
	};
	for (const [active, forMs] of [
		[true, 5],
		[false, 3],
		[true, 100],
		[false, 4],
		[true, 2],
		[false, 200],
	] as const)
		play(active, forMs);
	equal(heard, ["press"], "a press with bounces");
	play(true, 1_000);
	play(false, 100);
	equal(heard, ["press", "hold", "release"], "and a hold");
}

function virtualClock(): Parameters<typeof clockContract>[0] extends () => infer E ? E : never {
	const board = new VirtualBoard();
	const entry = new RecordingEntry();
	board.attach(entry);
	return {
		clock: board.clock,
		entry,
		alarm: (handler) => board.alarm(handler),
		pass: (ms) => board.world.advance(ms),
		slackMs: 0,
	};
}

function virtualStore(): ReturnType<Parameters<typeof storeContract>[0]> {
	const board = new VirtualBoard();
	return {
		store: board.store,
		reopen: () => {
			board.reset("power");
			return board.store;
		},
	};
}
