import { whyNoSdk } from "../../host-tests/engine/headless/headless.js";
import { whyNoXs } from "../../host-tests/engine/xsnap/worker.js";
import { whyNoCallgrind } from "./callgrind.js";
import { codeSizes } from "./code-size.js";
import { type Bench, type Cost, type Lengths, measure, type Rest } from "./measure.js";
import { SdkBench } from "./sdk-bench.js";
import { LEGEND, tableOf } from "./table.js";
import { missedTargets } from "./targets.js";
import { TASKS } from "./workloads/names.js";
import { XsnapBench } from "./xsnap-bench.js";

/** Measures everything that can be measured here, and tells `print`. Returns the targets that were missed. */
export async function runBench(lengths: Lengths, print: (line: string) => void): Promise<string[]> {
	const whyNoCount = whyNoCallgrind();
	if (whyNoCount !== undefined) print(`Instructions are not counted: ${whyNoCount}.`);
	const missed: string[] = [];
	for (const [name, why, open] of [
		["@agoric/xsnap", whyNoXs(), XsnapBench.open],
		["the Moddable SDK", whyNoSdk(), SdkBench.open],
	] as const) {
		if (why !== undefined) {
			print(`Not measured on the XS of ${name}: ${why}.`);
			continue;
		}
		const bench = await open();
		const { costs, rests } = await measureAll(bench, lengths, whyNoCount === undefined);
		for (const line of tableOf(bench.name, bench.clients, costs, rests)) print(line);
		print("");
		missed.push(...missedTargets(bench.name, costs));
	}
	for (const line of [...LEGEND, "", ...(await codeSizes())]) print(line);
	return missed;
}

interface Measured {
	readonly costs: ReadonlyMap<string, Cost>;
	readonly rests: ReadonlyMap<string, Rest>;
}

async function measureAll(bench: Bench, lengths: Lengths, canCount: boolean): Promise<Measured> {
	const costs = new Map<string, Cost>();
	const rests = new Map<string, Rest>();
	for (const task of TASKS) {
		for (const client of bench.clients) {
			const { cost, rest } = await measure(bench, client, task, lengths, canCount);
			costs.set(`${task} ${client}`, cost);
			rests.set(`${task} ${client}`, rest);
		}
	}
	return { costs, rests };
}
