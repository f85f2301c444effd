import { describe, expect, it } from "vitest";
import { Fleet, KEEP_ALIVE_S } from "./fleet.js";

const COUNT = 200;
/** How much more than the even share any second may hold, three standard deviations of chance aside. */
const K = 2.5;

/** The most connections that fell into one second. */
function crowd(acceptedMs: readonly number[]): number {
	const seconds = new Map<number, number>();
	for (const ms of acceptedMs) seconds.set(Math.floor(ms / 1_000), (seconds.get(Math.floor(ms / 1_000)) ?? 0) + 1);
	return Math.max(...seconds.values());
}

function comeBack(seed: number, downMs: number, spoil = false): number {
	const fleet = new Fleet(seed).add(COUNT, 60_000);
	if (spoil) for (const { board } of fleet.devices) board.random = (into) => void into.fill(0x80);
	fleet.world.advance(120_000);
	expect(fleet.online).toBe(COUNT);
	fleet.restart(downMs);
	expect(fleet.world.until(() => fleet.online === COUNT, 300_000, 1_000)).toBe(true);
	expect(fleet.devices.flatMap(({ panics }) => panics)).toEqual([]);
	expect(fleet.broker.violations).toEqual([]);
	return crowd(fleet.acceptedMs);
}

describe(`a fleet of ${COUNT} whose broker was restarted`, () => {
	// How long it was away, and over how long the backoff has spread the next attempt by then.
	it.each([
		[5, 7],
		[20, 15],
		[60, 31],
		[300, 119],
	])("%i s later comes back within %i s and more, no second with many times its share", (downS, windowS) => {
		const most = comeBack(downS, downS * 1_000);
		const even = COUNT / windowS;
		console.log(
			`Down for ${downS} s: of ${COUNT} at most ${most} came back in one second; evenly spread ${even.toFixed(1)}.`,
		);
		expect(most).toBeLessThanOrEqual(K * even + 3 * Math.sqrt(even));
	});

	it("would come all at once without chance", () => {
		expect(comeBack(1, 60_000, true)).toBe(COUNT);
	});
});

describe("a connection of which only one side knows that it is over", () => {
	it("is noticed within one and a half keep-alives", () => {
		const fleet = new Fleet(1).add(20, 60_000);
		fleet.world.advance(120_000);
		for (const { board } of fleet.devices) board.network.cutSilently();
		fleet.world.advance(KEEP_ALIVE_S * 1_500);
		expect(fleet.online).toBe(0);
	});
});

describe("the date", () => {
	/** Three hours with a broker that comes and goes; the clock of every device jumps now and then, or does not. */
	function history(jumps: boolean): string[] {
		const fleet = new Fleet(5).add(5, 10_000);
		const steps = [1, -1, 3_600_000, -3_600_000, 86_400_000, -86_400_000, 3e11, -3e11, 1e12, -1e12];
		for (let minute = 0; minute < 180; minute++) {
			if (minute % 17 === 16) fleet.restart(30_000);
			if (jumps) for (const { board } of fleet.devices) board.clock.step(steps[minute % steps.length] as number);
			fleet.world.advance(60_000);
		}
		return fleet.devices.flatMap((device) => device.history);
	}

	it("may jump as it likes: no deadline, no pause and no keep-alive moves", () => {
		const still = history(false);
		expect(still.length).toBeGreaterThan(300);
		expect(history(true)).toEqual(still);
	});
});

describe("two devices with one client id", () => {
	it.each([5, 4] as const)("are told so in MQTT %i, and do not fight", (version) => {
		const fleet = new Fleet(2, { versions: [version] }).add(2, 20_000, () => "twin");
		fleet.world.advance(600_000);
		fleet.acceptedMs.length = 0;
		fleet.world.advance(3_600_000);
		const words = fleet.devices.map(({ link }) => link.lastError);
		expect(words.some((text) => text?.includes("same client id"))).toBe(true);
		const perDevice = fleet.acceptedMs.length / 2;
		console.log(`MQTT ${version}: two devices with one client id connect ${perDevice} times an hour each.`);
		expect(perDevice).toBeLessThanOrEqual(60);
	});

	it("is over as soon as one of them has another", () => {
		const fleet = new Fleet(2).add(2, 20_000, () => "twin");
		fleet.world.advance(600_000);
		fleet.devices[1]?.link.stop();
		fleet.world.advance(125_000);
		expect(fleet.devices[0]?.isOnline).toBe(true);
	});
});
