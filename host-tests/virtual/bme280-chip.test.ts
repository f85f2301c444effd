import { beforeEach, describe, expect, it } from "vitest";
import { Bme280Chip } from "./bme280-chip.js";
import { World } from "./world.js";

const FORCED_ONCE = 0x25; // temperature and pressure once each, forced

describe("Bme280Chip", () => {
	let world: World;
	let chip: Bme280Chip;

	beforeEach(() => {
		world = new World();
		const clock = { monotonicMs: () => world.nowMs, wallMs: () => undefined, setWallMs: () => undefined };
		chip = new Bme280Chip(clock);
	});

	function registers(from: number, count: number): number[] {
		const into = new Uint8Array(count);
		chip.write(Uint8Array.of(from));
		chip.read(into);
		return [...into];
	}

	const settings = (...pairs: number[]): void => chip.write(Uint8Array.from(pairs));

	it("says what it is, and has nothing measured at first", () => {
		expect(registers(0xd0, 1)).toEqual([0x60]);
		expect(registers(0xf7, 8)).toEqual([0x80, 0, 0, 0x80, 0, 0, 0x80, 0]);
	});

	it("keeps the old values until a measurement has ended, 9.3 ms later", () => {
		settings(0xf2, 1, 0xf4, FORCED_ONCE);
		world.advance(9.2);
		expect(registers(0xf2, 3)).toEqual([1, 0x08, FORCED_ONCE]);
		expect(registers(0xf7, 3)).toEqual([0x80, 0, 0]);
		world.advance(0.2);
		expect(registers(0xf2, 3)).toEqual([1, 0, 0x24]);
		const first = registers(0xf7, 8);
		expect(first).not.toEqual([0x80, 0, 0, 0x80, 0, 0, 0x80, 0]);
		chip.air = { ...chip.air, temperatureC: 30 };
		world.advance(1_000);
		expect(registers(0xf7, 8)).toEqual(first); // forced: one measurement, then sleep
	});

	it("skips what it was not asked for", () => {
		settings(0xf2, 0, 0xf4, 0x21);
		world.advance(10);
		const [p, t, h] = [registers(0xf7, 3), registers(0xfa, 3), registers(0xfd, 2)];
		expect([p, h]).toEqual([
			[0x80, 0, 0],
			[0x80, 0],
		]);
		expect(t).not.toEqual([0x80, 0, 0]);
	});

	it("gives more bits, and takes longer, with more oversampling", () => {
		settings(0xf2, 5, 0xf4, 0xb5); // 16 times each
		world.advance(112.7);
		expect(registers(0xf3, 1)).toEqual([0x08]);
		world.advance(0.2); // 1.25 + 3 * 2.3 * 16 + 2 * 0.575 = 112.8 ms
		expect(registers(0xf3, 1)).toEqual([0]);
		const lowBits: number[] = [];
		for (let step = 0; step < 8; step++) {
			chip.air = { ...chip.air, temperatureC: 21 + step / 1_000 };
			settings(0xf4, 0xb5);
			world.advance(113);
			lowBits.push(registers(0xfc, 1)[0] as number);
		}
		expect(lowBits.some((bits) => bits !== 0)).toBe(true);
	});

	it("forgets its settings at a reset, and hangs when told to", () => {
		settings(0xf2, 1, 0xf4, FORCED_ONCE);
		world.advance(10);
		settings(0xe0, 0xb6);
		expect(registers(0xf2, 3)).toEqual([0, 0, 0]);
		chip.hanging = true;
		settings(0xf2, 1, 0xf4, FORCED_ONCE);
		world.advance(10_000);
		expect(registers(0xf3, 1)).toEqual([0x08]);
	});
});
