import type { Client, Task } from "./workloads/names.js";

/** What one message of a task costs a client. */
export interface Cost {
	/** Machine instructions, where they can be counted. */
	readonly instructions: number | undefined;
	/** Slots and bytes of chunks that it leaves behind as garbage; chunks where the engine tells. */
	readonly slots: number;
	readonly chunkBytes: number | undefined;
}

/** What a client holds while it is connected and at rest. */
export interface Rest {
	readonly slots: number;
	readonly chunkBytes: number | undefined;
}

/** What a run of some messages took in all. */
export interface Run {
	readonly instructions: number | undefined;
	/** The most there was at once, of slots and of bytes in chunks. */
	readonly slots: number;
	readonly chunkBytes: number | undefined;
	readonly rest: Rest;
}

/** An engine that runs the workloads. */
export interface Bench {
	/** The engine's name in the table, with its version. */
	readonly name: string;
	readonly clients: readonly Client[];
	/** A fresh engine: so many messages, counted or not. */
	run(client: Client, task: Task, messages: number, counted: boolean): Promise<Run>;
}

/** Two run lengths for what is counted, and two, short enough that nothing is collected, for garbage. */
export interface Lengths {
	readonly counted: readonly [number, number];
	readonly garbage: readonly [number, number];
}

export const LENGTHS: Lengths = { counted: [1_000, 2_000], garbage: [50, 150] };

/** As the difference of two lengths, so that the start of the engine drops out. */
export async function measure(
	bench: Bench,
	client: Client,
	task: Task,
	{ counted, garbage }: Lengths,
	canCount: boolean,
): Promise<{ readonly cost: Cost; readonly rest: Rest }> {
	const [few, many] = [
		await bench.run(client, task, garbage[0], false),
		await bench.run(client, task, garbage[1], false),
	];
	const per = (a: number, b: number, [from, to]: readonly [number, number]) => (b - a) / (to - from);
	const cost: Cost = {
		instructions: canCount ? await instructions(bench, client, task, counted) : undefined,
		slots: per(few.slots, many.slots, garbage),
		chunkBytes:
			few.chunkBytes === undefined || many.chunkBytes === undefined
				? undefined
				: per(few.chunkBytes, many.chunkBytes, garbage),
	};
	return { cost, rest: few.rest };
}

async function instructions(
	bench: Bench,
	client: Client,
	task: Task,
	[from, to]: readonly [number, number],
): Promise<number> {
	const short = await bench.run(client, task, from, true);
	const long = await bench.run(client, task, to, true);
	return ((long.instructions ?? 0) - (short.instructions ?? 0)) / (to - from);
}
