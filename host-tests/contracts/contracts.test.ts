import { describe, expect, it } from "vitest";
import { relay } from "../../firmware/drivers/relay.js";
import type { LightOutput, SwitchDefinition, SwitchOutput } from "../../firmware/model/actuators.js";
import { Fault } from "../../firmware/model/fault.js";
import { ContactInput } from "../../firmware/model/inputs.js";
import { humidity, temperature } from "../../firmware/model/quantity.js";
import type { I2cSensor } from "../../firmware/model/sensor.js";
import type { I2cDevice } from "../../firmware/ports/buses.js";
import type { Store } from "../../firmware/ports/store.js";
import { VirtualBoard } from "../virtual/board.js";
import { virtualStreams } from "../virtual/stream-environment.js";
import { lightContract, switchContract } from "./actuator-contract.js";
import type { Check } from "./checks.js";
import { clockContract } from "./clock-contract.js";
import { RecordingEntry } from "./entry.js";
import { inputContract } from "./input-contract.js";
import { type SensorScript, sensorContract } from "./sensor-contract.js";
import { storeContract } from "./store-contract.js";
import { streamContract } from "./stream-contract.js";

/** Names of the checks that fail. A contract that cannot fail says nothing. */
async function failing(checks: readonly Check[]): Promise<string[]> {
	const names: string[] = [];
	for (const check of checks) {
		try {
			await check.run();
		} catch {
			names.push(check.name);
		}
	}
	return names;
}

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

describe("switchContract", () => {
	const base = relay({ pin: 26 });
	const test = (open: SwitchDefinition["open"], more: Partial<SwitchDefinition> = {}) =>
		failing(switchContract({ definition: { ...base, ...more, open }, pin: 26, on: 1, off: 0 }));
	const output = (write: SwitchOutput["write"], close: SwitchOutput["close"]): SwitchOutput => ({ write, close });

	it("finds nothing wrong with a relay", async () => {
		expect(await test(base.open)).toEqual([]);
	});

	it("finds a first level that is not the safe one", async () => {
		const found = await test((hardware) => {
			const pin = hardware.digitalOutput({ pin: 26, initial: 1 });
			pin.write(0);
			return base.open({ ...hardware, digitalOutput: () => pin } as typeof hardware);
		});
		expect(found).toContain("stands safe from its first level on");
	});

	it("finds an output that stays on when it is closed, or open", async () => {
		const found = await test((hardware) => {
			const pin = hardware.digitalOutput({ pin: 26, initial: 0 });
			return output(
				(on) => pin.write(on ? 1 : 0),
				() => pin.close(),
			);
		});
		expect(found).toEqual(["stands safe when it is closed"]);
		const leaking = await test((hardware) => {
			const pin = hardware.digitalOutput({ pin: 26, initial: 0 });
			return output(
				(on) => pin.write(on ? 1 : 0),
				() => pin.write(0),
			);
		});
		expect(leaking).toContain("opens again, but never twice at once");
	});

	it("finds a pin that was not declared", async () => {
		expect(await test(base.open, { pins: [] })).toEqual(["says which pins it uses"]);
	});
});

describe("lightContract", () => {
	it("finds a light whose lowest brightness is dark, and one that stays lit", async () => {
		const found = await failing(
			lightContract({
				definition: {
					kind: "light",
					model: "bad",
					pins: [{ pin: 2, as: "output" }],
					open(hardware): LightOutput {
						const pwm = hardware.pwm({ pin: 2, hz: 1_000, resolutionBits: 8 });
						return { write: (brightness) => pwm.write(brightness ** 2.2), close: () => pwm.close() };
					},
				},
				pin: 2,
				duties: [[1, 1]],
				dark: 0,
			}),
		);
		expect(found).toEqual([
			"grows with brightness, is lit at the lowest and full at the highest",
			"is dark when it is closed",
		]);
	});
});

describe("inputContract", () => {
	it("finds an input that means the opposite, pulls otherwise, or is left open", async () => {
		const test = (close: boolean) =>
			failing(
				inputContract({
					definition: {
						kind: "binary_sensor",
						model: "bad",
						pins: [{ pin: 4, as: "input" }],
						debounceMs: 30,
						open(hardware, handler) {
							const input = new ContactInput(hardware.digitalInput({ pin: 4, pull: "up" }, handler), false);
							return close ? input : { active: () => input.active(), close: () => undefined };
						},
					},
					pin: 4,
					pull: "down",
					closed: false,
				}),
			);
		expect(await test(true)).toEqual(["says which pins it uses, and pulls them as told"]);
		expect(await test(false)).toContain("is silent once closed, and opens again");
	});
});

describe("storeContract", () => {
	it("finds stores that lose, mistake or accept too much", async () => {
		const plain = (): Store => {
			const values: Record<string, string> = {};
			return {
				get: (key) => values[key],
				set: (key, value) => {
					values[key] = value;
				},
				delete: (key) => delete values[key],
			};
		};
		const keeping = await failing(
			storeContract(() => {
				const store = plain();
				return { store, reopen: () => store };
			}),
		);
		expect(keeping).toEqual([
			"refuses keys and values beyond its limits, and is none the worse",
			"takes names of an object's own properties for plain keys",
		]);
		const losing = await failing(storeContract(() => ({ store: plain(), reopen: plain })));
		expect(losing).toContain("keeps everything over a restart");
	});
});

describe("clockContract", () => {
	it("finds alarms that come early, at once, twice or not at all", async () => {
		const test = (delay: (ms: number) => number, times = 1) =>
			failing(
				clockContract(() => {
					const board = new VirtualBoard();
					const entry = new RecordingEntry();
					board.attach(entry);
					return {
						clock: board.clock,
						entry,
						alarm: (handler) => {
							const alarms = Array.from({ length: times }, () => board.alarm(handler));
							return {
								arm: (ms) => {
									for (const alarm of alarms) alarm.arm(delay(ms));
								},
								disarm: () => {
									for (const alarm of alarms) alarm.disarm();
								},
							};
						},
						pass: (ms) => board.world.advance(ms),
						slackMs: 0,
					};
				}),
			);
		expect(await test((ms) => ms)).toEqual([]);
		for (const wrong of [test((ms) => ms / 2), test((ms) => ms + 5), test((ms) => ms, 2), test(() => 1e9)]) {
			expect(await wrong).toContain("alarms once, on time, never early and never at once");
		}
	});
});

describe("streamContract", () => {
	it("finds a stream that does not copy, forgets its last words, or talks after close", async () => {
		const test = (spoil: (stream: { write: unknown; close: unknown }) => void) =>
			failing(
				streamContract(async () => {
					const environment = await virtualStreams(() => undefined);
					const connect = environment.network.connect.bind(environment.network);
					environment.network.connect = (options, handler) => {
						const stream = connect(options, handler);
						spoil(stream);
						return stream;
					};
					return environment;
				}),
			);
		expect(await test(() => undefined)).toEqual([]);
		expect(await test((stream) => Object.assign(stream, { close: () => undefined }))).toContain(
			"tells nothing after close",
		);
		expect(
			await test((stream) => {
				const { write } = stream as { write: (bytes: Uint8Array, count: number) => boolean };
				Object.assign(stream, { write: (bytes: Uint8Array) => write.call(stream, bytes, bytes.length) });
			}),
		).toContain("copies what it is given, and sends no more than `count`");
		expect(
			await test((stream) => {
				const drop = (): void => (stream as unknown as { drop(): void }).drop();
				Object.assign(stream, { close: drop });
			}),
		).toContain("sends what was written before close");
	});
});
