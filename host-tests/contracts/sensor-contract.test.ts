import { describe, expect, it } from "vitest";
import { Fault } from "../../firmware/model/fault.js";
import { humidity, temperature } from "../../firmware/model/quantity.js";
import type { I2cSensor } from "../../firmware/model/sensor.js";
import type { I2cDevice } from "../../firmware/ports/buses.js";
import { failing } from "./failing.js";
import { type SensorScript, sensorContract } from "./sensor-contract.js";

// A made-up chip with a checksum, and the ways to drive it wrong.

const measures = { temperature: temperature({ min: -40, max: 125 }), humidity: humidity() };
type Measured = typeof measures;

const SCRIPT: SensorScript<Measured> = {
	open: [{ write: [0x0f] }, { read: [0x42] }],
	measure: [{ write: [0x01] }, { waitMs: 15.5 }, { read: [25, 40, 25 ^ 40 ^ 0xff] }],
	reads: { temperature: 25, humidity: 40 },
	identity: { step: 1, byte: 0 },
	checksummed: [2],
};

interface Flaws {
	readonly waitMs?: number;
	readonly checksum?: boolean;
	readonly identity?: boolean;
	readonly words?: boolean;
	readonly swapped?: boolean;
	readonly extra?: boolean;
	readonly leaks?: boolean;
	readonly remembers?: boolean;
}

function made(flaws: Flaws = {}): I2cSensor<Measured> {
	const { waitMs = 16, checksum = true, identity = true, words = true } = flaws;
	let remembered = false;
	const refuse = (why: string): never => {
		throw words ? new Fault("MADE", why) : new Error(why);
	};
	return Object.freeze({
		model: "MADE",
		datasheet: "https://example.com/made.pdf",
		addresses: [0x40] as const,
		hz: 100_000,
		measures,
		open(chip: I2cDevice) {
			const id = new Uint8Array(1);
			chip.writeRead(Uint8Array.of(0x0f), id);
			if (identity && id[0] !== 0x42) refuse("another chip");
			return {
				start() {
					if (flaws.remembers && remembered) refuse("it failed before");
					remembered = true;
					chip.write(Uint8Array.of(0x01));
					return waitMs;
				},
				read() {
					const raw = new Uint8Array(3);
					chip.read(raw);
					const [t = 0, h = 0, sum = 0] = raw;
					if (checksum && (t ^ h ^ 0xff) !== sum) refuse("wrong checksum");
					remembered = false;
					if (flaws.extra) chip.read(raw);
					return flaws.swapped ? { temperature: h, humidity: t } : { temperature: t, humidity: h };
				},
				close: () => (flaws.leaks ? undefined : chip.close()),
			};
		},
	});
}

describe("sensorContract", () => {
	const cases: readonly (readonly [string, Flaws, readonly string[]])[] = [
		["nothing", {}, []],
		["a wait that is too short", { waitMs: 15 }, ["reads the example"]],
		["no checksum", { checksum: false }, ["refuses every flipped bit under a checksum"]],
		["no look at the identity", { identity: false }, ["tells another chip from its own"]],
		["an error without words", { words: false }, ["tells another chip from its own"]],
		["swapped bytes", { swapped: true }, ["reads the example"]],
		["one transaction too many", { extra: true }, ["reads the example"]],
		["a chip left open", { leaks: true }, ["reads the example"]],
		["a failure that is remembered", { remembers: true }, ["recovers from a silent chip at each step"]],
	];
	for (const [what, flaws, wanted] of cases) {
		it(`finds ${what}`, async () => {
			const found = await failing(sensorContract(made(flaws), SCRIPT));
			for (const name of wanted) expect(found).toContain(name);
			if (wanted.length === 0) expect(found).toEqual([]);
		});
	}
});
