import type { Alarm, AlarmHandler, Clock } from "../../firmware/ports/clock.js";
import { type Check, equal, ok } from "./checks.js";
import type { RecordingEntry } from "./entry.js";

/** A board's time, with a way to let some of it pass. */
export interface ClockEnvironment {
	readonly clock: Clock;
	readonly entry: RecordingEntry;
	alarm(handler: AlarmHandler): Alarm;
	/** Lets at least `ms` pass, and every callback that became due arrive. */
	pass(ms: number): void | Promise<void>;
	/** How late an alarm or a clock may be here, milliseconds: 0 in virtual time. */
	readonly slackMs: number;
}

const DATE_MS = 1_800_000_000_000;

/** What every board's clock and alarms must do. Delays are short, for boards on which they are real. */
export function clockContract(make: () => ClockEnvironment): Check[] {
	return [
		{ name: "moves forward only, whatever happens to the date", run: () => forward(make()) },
		{ name: "tells the date that it was told, and how it goes on", run: () => date(make()) },
		{ name: "alarms once, on time, never early and never at once", run: () => once(make()) },
		{ name: "takes a new time in place of the old, or none", run: () => replaces(make()) },
		{ name: "can be armed by the callback itself", run: () => repeats(make()) },
		{ name: "hands what an alarm throws to the entry, and goes on", run: () => panics(make()) },
	];
}

async function forward({ clock, pass }: ClockEnvironment): Promise<void> {
	let last = clock.monotonicMs();
	ok(last >= 0, "it starts at 0 or later");
	for (const epochMs of [DATE_MS, DATE_MS - 86_400_000, 1_000, DATE_MS]) {
		clock.setWallMs(epochMs);
		await pass(5);
		const now = clock.monotonicMs();
		ok(now >= last + 4 && now < last + 10_000, `${last} is followed by ${now}`);
		last = now;
	}
}

async function date({ clock, pass, slackMs }: ClockEnvironment): Promise<void> {
	clock.setWallMs(DATE_MS);
	const told = clock.wallMs();
	ok(told !== undefined && told >= DATE_MS && told <= DATE_MS + slackMs + 1, `${told} is ${DATE_MS}`);
	const [wall, monotonic] = [clock.wallMs() as number, clock.monotonicMs()];
	await pass(20);
	const [passedWall, passed] = [(clock.wallMs() as number) - wall, clock.monotonicMs() - monotonic];
	ok(Math.abs(passedWall - passed) <= slackMs + 1, `the date moved ${passedWall} ms in ${passed} ms`);
}

async function once(environment: ClockEnvironment): Promise<void> {
	const { clock, entry, pass } = environment;
	const rang = ring(environment);
	for (const delayMs of [0, 1, 20]) {
		rang.at = [];
		const startMs = clock.monotonicMs();
		rang.alarm.arm(delayMs);
		equal(rang.at, [], "alarms before arm has returned");
		await pass(delayMs + environment.slackMs + 1);
		equal(rang.at.length, 1, `alarms after ${delayMs} ms`);
		const lateMs = (rang.at[0] as number) - startMs - delayMs;
		ok(lateMs >= 0 && lateMs <= environment.slackMs, `an alarm of ${delayMs} ms is ${lateMs} ms late`);
		await pass(40);
		equal(rang.at.length, 1, "alarms later");
	}
	equal(entry.settled, 3, "ends of callbacks");
}

async function replaces(environment: ClockEnvironment): Promise<void> {
	const { clock, pass, slackMs } = environment;
	const rang = ring(environment);
	const startMs = clock.monotonicMs();
	rang.alarm.arm(5);
	rang.alarm.arm(30);
	await pass(31 + slackMs);
	equal(rang.at.length, 1, "alarms");
	ok((rang.at[0] as number) >= startMs + 30, "it rang at the second time");
	rang.alarm.arm(5);
	rang.alarm.disarm();
	rang.alarm.disarm();
	await pass(20 + slackMs);
	equal(rang.at.length, 1, "alarms after disarm");
}

async function repeats({ alarm, pass, slackMs }: ClockEnvironment): Promise<void> {
	let count = 0;
	const repeating: Alarm = alarm({ onAlarm: () => ++count < 5 && repeating.arm(1) });
	repeating.arm(1);
	await pass(5 * (2 + slackMs));
	equal(count, 5, "alarms");
}

async function panics({ alarm, entry, pass, slackMs }: ClockEnvironment): Promise<void> {
	const throwing = alarm({
		onAlarm: () => {
			throw new Error("planted");
		},
	});
	for (let round = 1; round <= 2; round++) {
		throwing.arm(1);
		await pass(2 + slackMs);
		equal(entry.reasons.length, round, "what the entry was told");
		equal(entry.settled, round, "ends of callbacks");
	}
}

function ring({ clock, alarm }: ClockEnvironment): { at: number[]; readonly alarm: Alarm } {
	const rang: { at: number[]; alarm: Alarm } = {
		at: [],
		alarm: alarm({ onAlarm: () => rang.at.push(clock.monotonicMs()) }),
	};
	return rang;
}
