import type { Clock } from "../../../firmware/ports/clock.js";
import type { Text } from "../../../firmware/ports/text.js";
import type { Task } from "./names.js";

/** What an engine lends to the clients. */
export interface Engine {
	readonly text: Text;
	readonly clock: Clock;
	/** UTF-8 in the form that costs this engine the least, and that a socket takes. */
	bytesOf(text: string): Uint8Array | ArrayBuffer;
	/** Text of `bytes[from..to)`, in the way that costs this engine the least. */
	textOf(bytes: Uint8Array, from: number, to: number): string;
}

/** One client at one task, connected and ready. */
export interface Workload {
	/** One message, from its making to the end of everything that belongs to it. `n` counts them from 0. */
	step(n: number): void;
}

export const TELEMETRY_TOPIC = "farpin/greenhouse/telemetry";
export const COMMAND_TOPIC = "farpin/greenhouse/command";
export const RESULT_TOPIC = "farpin/greenhouse/result";

/** A telemetry message of six fields, some 120 bytes, none like the one before. */
export function telemetry(n: number): string {
	return JSON.stringify({
		time: 1_790_000_000_000 + n * 10_000,
		seq: n,
		airTemperatureC: 21 + (n % 10) / 10,
		airHumidityPercent: 45 + (n % 7) / 10,
		airPressureHpa: 1013.3,
		soilPercent: 50 + (n % 3),
	});
}

/** The commands, with `c00` in place of the id that counts them. */
export const COMMANDS = {
	command: '{"id":"c00","set":{"pump":"ON"}}',
	setting: '{"id":"c00","set":{"target":21.5},"expires":1890000000000}',
} as const;

/** What a command moves: a relay and a set point. */
export class Pump {
	on = false;
	target = 0;
	moved = 0;

	set(on: boolean): void {
		this.on = on;
		this.moved++;
	}

	aim(target: number): void {
		this.target = target;
		this.moved++;
	}
}

/** What a client that trusts its broker makes of a command: moves the pump, unless it is too late, and says so. */
export function obey(command: string, pump: Pump): string {
	const { id, set, expires } = JSON.parse(command) as {
		id: string;
		set: { pump?: string; target?: number };
		expires?: number;
	};
	if (expires !== undefined && Date.now() > expires) return JSON.stringify({ id, outcome: "refused" });
	if (set.target === undefined) pump.set(set.pump === "ON");
	else pump.aim(set.target);
	return JSON.stringify({ id, outcome: "applied" });
}

/** Samples in one record of flash, and in one message out of it. */
export const RECORD_SAMPLES = 8;

/** The values of sample `seq`. */
export function sampleOf(seq: number): number[] {
	return [21 + (seq % 10) / 10, 45 + (seq % 7) / 10, 1013.3];
}

/** A batch of samples out of flash, as plainly as it can be made. */
export function batch(n: number): string {
	const samples: object[] = [];
	for (let i = 0; i < RECORD_SAMPLES; i++) {
		const seq = n * RECORD_SAMPLES + i + 1;
		const [temperature, humidity, pressure] = sampleOf(seq);
		const values = { "air-temperature": temperature, "air-humidity": humidity, "air-pressure": pressure };
		samples.push({ seq, time: 1_790_000_000_000 + seq * 10_000, values });
	}
	return JSON.stringify({ boot: 1, backlog: RECORD_SAMPLES, samples });
}

/** The payload that a task sends by itself. */
export function payloadOf(task: Task, n: number): string {
	return task === "drain" ? batch(n) : telemetry(n);
}
