import { describe, expect, it } from "vitest";
import { relay } from "../../firmware/drivers/relay.js";
import type { LightOutput, SwitchDefinition, SwitchOutput } from "../../firmware/model/actuators.js";
import { ContactInput } from "../../firmware/model/inputs.js";
import type { Store } from "../../firmware/ports/store.js";
import { VirtualBoard } from "../virtual/board.js";
import { VirtualFlash } from "../virtual/flash.js";
import { lightContract, switchContract } from "./actuator-contract.js";
import { clockContract } from "./clock-contract.js";
import { RecordingEntry } from "./entry.js";
import { failing } from "./failing.js";
import { inputContract } from "./input-contract.js";
import { segmentsContract } from "./segments-contract.js";
import { storeContract } from "./store-contract.js";

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

describe("segmentsContract", () => {
	it("finds flash that forgets, mixes up, sets bits or accepts any place", async () => {
		const test = (change: (flash: VirtualFlash) => void) =>
			failing(
				segmentsContract(() => {
					const segments = new VirtualFlash();
					change(segments);
					return { segments, reopen: () => segments };
				}),
			);
		const { read, write, erase } = VirtualFlash.prototype;
		expect(await test(() => undefined)).toEqual([]);
		expect(
			await test((flash) => {
				flash.write = (segment, at, bytes) => write.call(flash, segment % 2, at, bytes);
			}),
		).toContain("gives back what was written, also after a restart");
		expect(
			await test((flash) => {
				flash.erase = (segment) => erase.call(flash, segment ^ 1);
			}),
		).toContain("erases one segment and no other");
		expect(
			await test((flash) => {
				flash.read = (segment, at, into) => {
					if (segment >= 0 && segment < 16 && at >= 0)
						read.call(flash, segment, Math.min(at, 4_094), into.subarray(0, 2));
				};
			}),
		).toContain("refuses places that do not exist");
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
