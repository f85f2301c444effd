import { type Depot, EVENTS, SAMPLES } from "./depot.js";
import type { LogLines } from "./log-lines.js";

/** How one class of messages stands. */
export interface ClassReport {
	/** Not acknowledged by the broker yet, those in flash included. */
	readonly waiting: number;
	/** Of these, in flash. */
	readonly stored: number;
	/** Lost, since the flash was new. */
	readonly dropped: number;
}

/** How everything stands that waits for the broker. */
export interface OutboxReport {
	/** Events and results. */
	readonly event: ClassReport;
	readonly telemetry: ClassReport;
	/** Lines of the log, since the start; in memory only. */
	readonly log: ClassReport;
	/** Starts that ended without a chance to save what was only in memory: nobody can count what that was. */
	readonly cuts: number;
}

/** Puts the report together; `events` and `samples` are how many of each wait, `lines` the log where it is asked for. */
export function reportOutbox(
	depot: Depot,
	events: number,
	samples: number,
	lines: Pick<LogLines, "waiting" | "dropped"> | undefined,
	cuts: number,
): OutboxReport {
	const log = { waiting: lines?.waiting ?? 0, stored: 0, dropped: lines?.dropped ?? 0 };
	return { event: reportClass(depot, EVENTS, events), telemetry: reportClass(depot, SAMPLES, samples), log, cuts };
}

function reportClass(depot: Depot, lane: number, waiting: number): ClassReport {
	return { waiting, stored: depot.stored(lane), dropped: depot.dropped[lane] ?? 0 };
}

/** The report as `health` tells it: the sums first. */
export function outboxJson({ event, telemetry, log, cuts }: OutboxReport): string {
	const waiting = event.waiting + telemetry.waiting + log.waiting;
	const stored = event.stored + telemetry.stored;
	const dropped = event.dropped + telemetry.dropped + log.dropped;
	return (
		`{"waiting":${waiting},"stored":${stored},"dropped":${dropped},"cuts":${cuts}` +
		`,"event":${classJson(event)},"telemetry":${classJson(telemetry)},"log":${classJson(log)}}`
	);
}

function classJson({ waiting, stored, dropped }: ClassReport): string {
	return `{"waiting":${waiting},"stored":${stored},"dropped":${dropped}}`;
}
