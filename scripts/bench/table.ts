import type { Rest } from "./measure.js";
import { type Costs, costOf, garbageBytes, SLOT_BYTES, timesLeast } from "./targets.js";
import { type Client, TASKS, type Task } from "./workloads/names.js";
import { RECORD_SAMPLES } from "./workloads/workload.js";

const TASK_NAMES: Readonly<Record<Task, string>> = {
	qos0: "telemetry, QoS 0",
	qos1: "telemetry, QoS 1, acknowledged",
	command: "command in, applied, answered",
	setting: "the same, with numbers and an expiry",
	drain: `${RECORD_SAMPLES} samples to flash, out, acknowledged`,
};
const CLIENT_NAMES: Readonly<Record<Client, string>> = {
	none: "the payload alone",
	least: "the least possible",
	farpin: "Farpin",
	plain: "mqtt-packet.generate",
	sdk: "the SDK's own client",
};
const HEAD = ["", "", "instructions", "x least", "garbage: slots", "chunk B", "B on a chip", "held: slots", "chunk B"];

/** Lines of one engine's table: a row for each client at each task. */
export function tableOf(
	name: string,
	clients: readonly Client[],
	costs: Costs,
	rests: ReadonlyMap<string, Rest>,
): string[] {
	const rows = TASKS.flatMap((task) =>
		clients.map((client, index) => row(index === 0 ? TASK_NAMES[task] : "", client, task, costs, rests)),
	);
	return [`${name}, per message:`, ...align([HEAD, ...rows])];
}

function row(
	title: string,
	client: Client,
	task: Task,
	costs: Costs,
	rests: ReadonlyMap<string, Rest>,
): readonly string[] {
	const cost = costOf(costs, task, client);
	const rest = rests.get(`${task} ${client}`);
	const empty = rests.get(`${task} none`);
	const held = (value: number | undefined, base: number | undefined) =>
		client === "none" || value === undefined || base === undefined ? undefined : value - base;
	return [
		title,
		CLIENT_NAMES[client],
		whole(cost.instructions),
		timesLeast(costs, task, client)?.toFixed(2) ?? "-",
		whole(cost.slots),
		whole(cost.chunkBytes),
		whole(garbageBytes(cost)),
		whole(held(rest?.slots, empty?.slots)),
		whole(held(rest?.chunkBytes, empty?.chunkBytes)),
	];
}

/** What the columns mean, for whoever reads them for the first time. */
export const LEGEND = [
	"instructions: of the whole process, counted by callgrind, as the difference of two run lengths.",
	`garbage: as the difference of two run lengths in which nothing is collected; on a chip a slot is ${SLOT_BYTES} B.`,
	"held: alive after a collection, connected and at rest, besides what the bench itself holds.",
] as const;

function whole(value: number | undefined): string {
	return value === undefined ? "-" : Math.round(value).toLocaleString("en-US");
}

/** Columns as wide as their widest cell; words to the left, figures to the right. */
export function align(rows: readonly (readonly string[])[]): string[] {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
	return rows.map((cells) =>
		cells
			.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
			.join("  ")
			.trimEnd(),
	);
}
