import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Refused } from "../../firmware/security/refused.js";
import { ITEMS_MAX, SETTINGS_ITEM } from "../../firmware/security/settings-items.js";
import { readItems } from "../../firmware/security/settings-reader.js";
import { plainText } from "../virtual/text.js";

type Item = keyof typeof SETTINGS_ITEM;

const DER = [0x30, 1, 2];
const PIN = Array.from({ length: 32 }, (_, n) => n);
const BROKER: [Item, string | number[]][] = [
	["host", "a.example"],
	["port", [0x22, 0xb3]],
];

function body(...items: [Item | number, string | number[]][]): Uint8Array {
	const parts = items.map(([item, value]) => {
		const bytes = Buffer.from(value as string);
		const tag = typeof item === "number" ? item : SETTINGS_ITEM[item];
		return Buffer.concat([Buffer.of(tag, bytes.length >> 8, bytes.length & 0xff), bytes]);
	});
	return Uint8Array.from(Buffer.concat(parts));
}

const read = (...items: [Item | number, string | number[]][]) => readItems(body(...items), plainText);

describe("items of settings", () => {
	it("are put together", () => {
		const settings = read(
			["mark", [1, 2, 3]],
			["id", "pump-7"],
			["root", "house"],
			["timeServer", "one"],
			["timeServer", "two"],
			["timeServer", "three"],
			["key", "laptop:ES256:AAAA"],
			["ssid", "Zuhäuse"],
			["wifiPassword", "12345678"],
			["ssid", "open"],
			["authority", DER],
			["authority", [0x30, 9]],
			["releaseRoots", [1]],
			...BROKER,
			["user", "me"],
			["password", "it"],
			["webSocketPath", "/mqtt"],
			["roots", [1, 0]],
			["pin", PIN],
			["pin", PIN],
			["protocol", "mqtt"],
			["certificate", DER],
			["certificate", [0x30, 5]],
			["privateKey", [0x30, 6]],
			["host", "10.0.0.1"],
			["port", [0, 1]],
		);
		const bytes = (...all: number[][]) => all.map((one) => Uint8Array.from(one));
		expect(settings).toEqual({
			id: "pump-7",
			root: "house",
			timeServer: "one",
			otherTimeServers: ["two", "three"],
			keys: ["laptop:ES256:AAAA"],
			wifi: [{ ssid: "Zuhäuse", password: "12345678" }, { ssid: "open" }],
			releaseRoots: bytes([0x30, 9]),
			broker: {
				host: "a.example",
				port: 8_883,
				username: "me",
				password: "it",
				webSocketPath: "/mqtt",
				tls: {
					roots: bytes([0x30, 9], DER),
					pins: bytes(PIN, PIN),
					protocol: "mqtt",
					identity: { certificates: bytes(DER, [0x30, 5]), key: Uint8Array.of(0x30, 6) },
				},
			},
			otherBrokers: [{ host: "10.0.0.1", port: 1 }],
		});
	});

	it("cost nothing that is not there", () => {
		expect(Object.keys(read(...BROKER))).toEqual(["broker"]);
		expect(Object.keys(read(...BROKER).broker)).toEqual(["host", "port"]);
	});

	it.each([
		["they name no broker", []],
		["something in them is empty", [["host", ""]]],
		["a broker has no port", [["host", "a"]]],
		[
			"the port of a broker is none",
			[
				["host", "a"],
				["port", [0, 0]],
			],
		],
		[
			"the port of a broker is none",
			[
				["host", "a"],
				["port", [1]],
			],
		],
		[
			"something is in them twice",
			[
				["id", "a"],
				["id", "a"],
			],
		],
		["something in them belongs to nothing", [["wifiPassword", "12345678"]]],
		["something in them belongs to nothing", [["port", [1, 1]]]],
		["something in them belongs to nothing", [["roots", [0]]]],
		["they trust an authority that is not among them", [...BROKER, ["roots", [0]], ["authority", DER]]],
		["they trust no authority where there must be one", [...BROKER, ["roots", []]]],
		["something of TLS is for a broker without", [...BROKER, ["pin", PIN]]],
		["a pin is no digest of a key", [["authority", DER], ...BROKER, ["roots", [0]], ["pin", [1]]]],
		["there is one pin only", [["authority", DER], ...BROKER, ["roots", [0]], ["pin", PIN]]],
		["something in them is no certificate or key", [["authority", [1]]]],
		["without its key", [["authority", DER], ...BROKER, ["roots", [0]], ["certificate", DER]]],
		["without its certificate", [["authority", DER], ...BROKER, ["roots", [0]], ["privateKey", DER]]],
		["the name of a network is too long", [["ssid", "n".repeat(33)]]],
		["something in them is no text", [["id", [0xff]]]],
		["they were made for a newer firmware", [...BROKER, [20, [1]]]],
		["they were made for a newer firmware", [[0, [1]]]],
		[`they have more than ${ITEMS_MAX} items`, [...BROKER, ...Array(ITEMS_MAX).fill(["mark", [1]])]],
	] as [string, [Item, string | number[]][]][])("are refused because %s", (why, items) => {
		expect(() => read(...items)).toThrow(Refused);
		expect(() => read(...items)).toThrow(why);
	});

	it("are refused when the last one is cut off, anywhere", () => {
		const whole = body(...BROKER, ["user", "someone"]);
		for (let end = whole.length - 1; end > 0; end--) {
			const cut = whole.subarray(0, end);
			if ([12, 17].includes(end)) continue; // between two items
			expect(() => readItems(cut, plainText), `after ${end}`).toThrow("their last item is cut off");
		}
	});

	it("never make anything but settings or a refusal", () => {
		const value = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(DER, PIN, [0], [1, 1], [0x61]));
		const items = fc.array(fc.tuple(fc.integer({ min: 0, max: 21 }), value), { maxLength: 40 });
		const spoiled = fc.tuple(items, fc.uint8Array({ maxLength: 20 }), fc.nat(200));
		const rounds = Number(process.env.FUZZ_ROUNDS ?? 3_000);
		fc.assert(
			fc.property(spoiled, ([list, noise, at]) => {
				const bytes = body(...(list as unknown as [number, number[]][]));
				bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
				try {
					const { broker } = readItems(bytes, plainText);
					expect(broker.host.length * broker.port).toBeGreaterThan(0);
				} catch (error) {
					expect(error).toBeInstanceOf(Refused);
				}
			}),
			{ numRuns: rounds },
		);
	});
});
