import { parseArgs } from "node:util";
import { type Climate, Life } from "./life.js";
import { brokenPromises } from "./promises.js";

// `npm run simulate`: many lives of the reference device, each from a seed, and what broke in them.

const USE = "npm run simulate -- [--seeds 100] [--from 1] [--hours 6] [--climate mild|wild] [--diary]";

function number(text: string): number {
	const value = Number(text);
	if (!Number.isInteger(value) || value < 1) throw new Error(`"${text}" is no whole number from 1 on: ${USE}`);
	return value;
}

function main(): void {
	const { values } = parseArgs({
		options: {
			seeds: { type: "string", default: "100" },
			from: { type: "string", default: "1" },
			hours: { type: "string", default: "6" },
			climate: { type: "string", default: "wild" },
			diary: { type: "boolean", default: false },
		},
	});
	const { climate } = values;
	if (climate !== "mild" && climate !== "wild") throw new Error(`"${climate}" is no climate: ${USE}`);
	const [seeds, from, hours] = [values.seeds, values.from, values.hours].map(number) as [number, number, number];
	let broken = 0;
	for (let seed = from; seed < from + seeds; seed++) broken += tell(seed, climate, hours, values.diary);
	console.log(
		`${seeds} lives of ${hours} hours of trouble: ${broken === 0 ? "no promise was broken" : `${broken} broke promises`}.`,
	);
	process.exitCode = broken === 0 ? 0 : 1;
}

/** Plays one life and prints what broke, and on request what happened; 1 when anything did. */
function tell(seed: number, climate: Climate, hours: number, diary: boolean): number {
	const life = new Life(seed, climate).live(hours);
	const broken = brokenPromises(life);
	if (diary) console.log(life.diary.join("\n"));
	for (const what of broken) console.log(`seed ${seed}, ${climate}: ${what}`);
	return broken.length === 0 ? 0 : 1;
}

try {
	main();
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 2;
}
