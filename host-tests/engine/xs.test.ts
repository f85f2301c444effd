import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runChecks } from "../contracts/run-checks.js";
import { engineChecks } from "./xsnap/checks.js";
import { XsBench } from "./xsnap/engine.js";
import { nativeText } from "./xsnap/text.js";
import { whyNoXs } from "./xsnap/worker.js";

const HOUR_MS = 3_600_000;
/** What one telemetry message may cost the firmware, everything that belongs to it included; measured 30,351. */
const COMPUTE_MAX = 31_000;
/** What may be under way at one moment and not at another; a single slot lost with every message would be 360. */
const SLOTS_UNDER_WAY = 60;
const COMMAND = 'publish farpin/greenhouse/command {"id":"c1","set":{"pump":"ON","target":21.5}}';

const why = whyNoXs();
const skipped = why === undefined ? "" : ` (skipped: ${why})`;
if (why !== undefined) console.warn(`The engine suite on XS is skipped: ${why}.`);

runChecks("what must be so on every engine, on Node", engineChecks(nativeText()));

describe.skipIf(why !== undefined)(`the reference device on XS${skipped}`, () => {
	let xs: XsBench;

	beforeAll(async () => {
		xs = await XsBench.open();
	});

	afterAll(() => xs?.close());

	it("passes there what passes on Node", async () => {
		const names = (await xs.perform("checks")) as string[];
		expect(names).toEqual(engineChecks(nativeText()).map(({ name }) => name));
		for (const index of names.keys()) await xs.perform(`check ${index}`);
	});

	it("shows a check that fails", async () => {
		await expect(xs.perform("nonsense")).rejects.toThrow("nonsense?");
	});

	it("comes online and tells what it measures", async () => {
		await xs.perform("start");
		await xs.perform("advance 61000");
		const { link, violations, counts, last } = await xs.report();
		expect({ link, violations }).toEqual({ link: "online", violations: [] });
		expect(last).toMatchObject({ status: "online", "air-temperature/state": "21", "pump/state": "OFF" });
		expect(counts.telemetry).toBeGreaterThanOrEqual(5);
		const { boot, samples } = JSON.parse(last.telemetry ?? "") as { boot: number; samples: { values: object }[] };
		expect(boot).toBe(1);
		expect(Object.assign({}, ...samples.map(({ values }) => values))).toEqual({
			"air-temperature": 21,
			"air-humidity": 45,
			"air-pressure": 1013.3,
			soil: 50,
		});
		expect(JSON.parse(last.health ?? "")).toMatchObject({ faults: 0, stale: [] });
	});

	it("obeys a command and says so", async () => {
		await xs.perform(COMMAND);
		await xs.perform("advance 1000");
		const { pump, last } = await xs.report();
		expect(pump).toBe(0); // active low
		expect(last).toMatchObject({ "pump/state": "ON", "target/state": "21.5" });
		expect(JSON.parse(last.result ?? "")).toMatchObject({ id: "c1", outcome: "applied" });
	});

	it("moves the relay by its button with the network cut, and tells when it is back", async () => {
		await xs.perform("cut");
		await xs.perform("advance 2000");
		await xs.perform("press key 200");
		const alone = await xs.report();
		expect(alone.link).not.toBe("online");
		expect(alone.pump).toBe(1);
		expect(alone.last["pump/state"]).toBe("ON");
		await xs.perform("restore");
		await xs.perform("advance 180000");
		const { link, clients, violations, last } = await xs.report();
		expect({ link, clients, violations }).toEqual({ link: "online", clients: 1, violations: [] });
		expect(last).toMatchObject({ status: "online", "pump/state": "OFF" });
		expect(JSON.parse(last["event of key"] ?? "")).toMatchObject({ event: "press" });
		expect(JSON.parse(last["event of pump"] ?? "")).toMatchObject({ event: "changed", to: "OFF" });
	});

	it("runs an hour, in the memory it began with, and costs the same each time", async () => {
		const { messages, inside, outside } = await measure("start metered");
		expect(await measure("start metered")).toMatchObject({ messages, inside, outside });
		const { slots, taken, grown } = await measure("start"); // the meter takes slots of its own
		expect(messages).toBe(HOUR_MS / 10_000);
		expect(Math.abs(grown)).toBeLessThan(SLOTS_UNDER_WAY);
		const perMessage = Math.round(inside / messages);
		console.log(
			`On XS 13.3, per telemetry message (and the measurements, states and health that go with it): ${perMessage} ` +
				`compute in the firmware, ${Math.round(outside / messages)} in the virtual board and broker. ` +
				`${slots} live slots, the engine's own and all code included, ${taken} of them since the start, board and ` +
				`broker included; ${grown} more after an hour.`,
		);
		expect(perMessage).toBeLessThan(COMPUTE_MAX);
	});
});

/** An hour of a fresh engine, less its start. */
async function measure(
	start: string,
): Promise<Record<"slots" | "taken" | "grown" | "messages" | "inside" | "outside", number>> {
	const xs = await XsBench.open();
	try {
		const empty = await xs.liveSlots();
		await xs.perform(start);
		await xs.perform("advance 300000");
		const before = { slots: await xs.liveSlots(), ...(await xs.spent()), messages: await messages(xs) };
		await xs.perform(`advance ${HOUR_MS}`);
		const after = { slots: await xs.liveSlots(), ...(await xs.spent()), messages: await messages(xs) };
		return {
			slots: before.slots,
			taken: before.slots - empty,
			grown: after.slots - before.slots,
			messages: after.messages - before.messages,
			inside: after.inside - before.inside,
			outside: after.outside - before.outside,
		};
	} finally {
		await xs.close();
	}
}

async function messages(xs: XsBench): Promise<number> {
	return (await xs.report()).counts.telemetry ?? 0;
}
