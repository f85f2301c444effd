import { beforeAll, describe, expect, it } from "vitest";
import { readTotal } from "../../scripts/bench/callgrind.js";
import { codeSizes, PARTS } from "../../scripts/bench/code-size.js";
import { type Cost, measure } from "../../scripts/bench/measure.js";
import { tableOf } from "../../scripts/bench/table.js";
import { missedTargets } from "../../scripts/bench/targets.js";
import { CLIENTS, TASKS } from "../../scripts/bench/workloads/names.js";
import { XsnapBench } from "../../scripts/bench/xsnap-bench.js";
import { whyNoXs } from "../engine/xsnap/worker.js";

const why = whyNoXs();
const skipped = why === undefined ? "" : ` (skipped: ${why})`;

/** Costs at which every target is just met, with some of them changed. */
function costs(changes: Record<string, Partial<Cost>> = {}): Map<string, Cost> {
	const times = { qos0: 1.4, qos1: 2.2, command: 3, setting: 3, drain: 9 };
	const all = new Map<string, Cost>();
	for (const task of TASKS) {
		for (const client of CLIENTS) {
			const instructions = client === "farpin" ? times[task] * 1_000 : 1_000;
			const slots = client === "farpin" ? 30 : 20;
			const cost = { instructions, slots, chunkBytes: client === "farpin" ? 340 : 100 };
			all.set(`${task} ${client}`, { ...cost, ...changes[`${task} ${client}`] });
		}
	}
	return all;
}

describe("the targets of the benchmark", () => {
	it("are met at their very limits", () => {
		expect(missedTargets("XS", costs())).toEqual([]);
	});

	it.each([
		["qos0", 1_401, "XS: qos0 takes 1.40 times the least possible work, and 1.4 is the target."],
		["qos1", 2_300, "XS: qos1 takes 2.30 times the least possible work, and 2.2 is the target."],
		["setting", 3_100, "XS: setting takes 3.10 times the least possible work, and 3 is the target."],
		["command", 3_100, "XS: command takes 3.10 times the least possible work, and 3 is the target."],
	])("say what is missed at %s", (task, instructions, sentence) => {
		expect(missedTargets("XS", costs({ [`${task} farpin`]: { instructions } }))).toEqual([sentence]);
	});

	it("count a slot as a chip has it, and leave the payload out", () => {
		const [sentence] = missedTargets("XS", costs({ "qos0 farpin": { slots: 31 } }));
		expect(sentence).toBe("XS: a message leaves 416 B of garbage besides its payload, and 400 is the target.");
	});

	it("ask nothing of what was not measured", () => {
		const unknown = { instructions: undefined, chunkBytes: undefined };
		expect(missedTargets("XS", costs({ "qos0 farpin": unknown, "qos1 least": unknown }))).toEqual([]);
	});
});

describe("the table of the benchmark", () => {
	it("has a row for each client at each task, and a dash for what is not known", () => {
		const rests = new Map([
			["qos0 none", { slots: 10, chunkBytes: undefined }],
			["qos0 farpin", { slots: 110, chunkBytes: undefined }],
		]);
		const lines = tableOf("XS", CLIENTS, costs({ "qos0 farpin": { instructions: undefined } }), rests);
		expect(lines).toHaveLength(2 + TASKS.length * CLIENTS.length);
		expect(lines.find((line) => line.includes("Farpin"))).toMatch(/Farpin +- +- +30 +340 +820 +100 +-$/);
	});
});

describe("callgrind's count", () => {
	it("is the total of its file", () => {
		expect(readTotal("version: 1\nevents: Ir\nfn=main\n1 5\n\ntotals: 123456\n")).toBe(123_456);
	});

	it("is missed when the process did not come to its end", () => {
		expect(() => readTotal("version: 1\nevents: Ir\n")).toThrow("did not come to its end");
	});
});

describe.skipIf(why !== undefined)(`the workloads on XS${skipped}`, () => {
	let bench: XsnapBench;

	beforeAll(async () => {
		bench = await XsnapBench.open();
	});

	it("run, and cost what they cost each time", async () => {
		const lengths = { counted: [1, 2], garbage: [5, 10] } as const;
		for (const task of TASKS) {
			for (const client of bench.clients) {
				const once = await measure(bench, client, task, lengths, false);
				expect(once.cost.slots, `${client} at ${task}`).toBeGreaterThan(0);
				if (task === "qos0") expect(await measure(bench, client, task, lengths, false)).toEqual(once);
			}
		}
	});

	it("say so when a client is unknown", async () => {
		await expect(bench.run("sdk", "qos0", 1, false)).rejects.toThrow();
	});
});

describe("the size of the code", () => {
	it("is told as whoever downloads it would see it", async () => {
		const [, line = ""] = await codeSizes(PARTS.slice(-1));
		const bytes = Number(line.split(/\s+/).at(-1)?.replaceAll(",", ""));
		expect(bytes).toBeGreaterThan(20_000);
		expect(bytes).toBeLessThan(60_000);
	});
});
