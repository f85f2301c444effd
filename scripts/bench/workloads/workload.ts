import type { Clock } from "../../../firmware/ports/clock.js";
import type { Text } from "../../../firmware/ports/text.js";

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

/** A relay, as far as a command sees it. */
export class Pump {
	on = false;
	switched = 0;

	set(on: boolean): void {
		this.on = on;
		this.switched++;
	}
}

/** What a client that trusts its broker makes of a command: moves the pump, and says so. */
export function obey(command: string, pump: Pump): string {
	const { id, set } = JSON.parse(command) as { id: string; set: { pump: string } };
	pump.set(set.pump === "ON");
	return JSON.stringify({ id, outcome: "applied" });
}
