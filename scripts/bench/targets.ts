import type { Cost } from "./measure.js";
import type { Client, Task } from "./workloads/names.js";

/**
 * What one message of each task may cost, in times of what no client can do without. Samples out of flash have none: no
 * other client stores any.
 */
const TIMES_MAX: Readonly<Partial<Record<Task, number>>> = { qos0: 1.4, qos1: 2.2, command: 3, setting: 3 };
/** Bytes that a QoS 0 message may leave behind on a chip, besides its payload. */
const GARBAGE_MAX = 400;
/** A slot of XS on 32 bits (xsAll.h, txSlot); on 64 bits it is twice as large. */
export const SLOT_BYTES = 16;

/** What each client costs at each task on one engine, by `<task> <client>`. */
export type Costs = ReadonlyMap<string, Cost>;

/** The cost of one client at one task; throws when it was not measured. */
export function costOf(costs: Costs, task: Task, client: Client): Cost {
	const cost = costs.get(`${task} ${client}`);
	if (cost === undefined) throw new Error(`${client} at ${task} was not measured`);
	return cost;
}

/** How many times the least possible work a client does; undefined when nothing was counted. */
export function timesLeast(costs: Costs, task: Task, client: Client): number | undefined {
	const { instructions } = costOf(costs, task, client);
	const least = costOf(costs, task, "least").instructions;
	return instructions === undefined || least === undefined ? undefined : instructions / least;
}

/**
 * Bytes of garbage a message as a chip has it: slots at 16 bytes, chunks as measured, which on 64 bits is a little more
 * than there.
 */
export function garbageBytes({ slots, chunkBytes }: Cost): number | undefined {
	return chunkBytes === undefined ? undefined : slots * SLOT_BYTES + chunkBytes;
}

/** The targets that these costs miss, each as one sentence. */
export function missedTargets(engine: string, costs: Costs): string[] {
	const missed: string[] = [];
	for (const [task, most] of Object.entries(TIMES_MAX) as [Task, number][]) {
		const times = timesLeast(costs, task, "farpin");
		if (times === undefined || times <= most) continue;
		missed.push(
			`${engine}: ${task} takes ${times.toFixed(2)} times the least possible work, and ${most} is the target.`,
		);
	}
	const made = garbageBytes(costOf(costs, "qos0", "farpin"));
	const payload = garbageBytes(costOf(costs, "qos0", "none"));
	if (made !== undefined && payload !== undefined && made - payload > GARBAGE_MAX) {
		const bytes = Math.round(made - payload);
		missed.push(
			`${engine}: a message leaves ${bytes} B of garbage besides its payload, and ${GARBAGE_MAX} is the target.`,
		);
	}
	return missed;
}
