import { connect, type MqttClient } from "mqtt";
import { reasonOf } from "../../firmware/model/fault.js";
import { readDocument } from "../page/documents.js";
import { clientOptions, type Target } from "./target.js";

const ASK_AGAIN_MS = 3_000; // the device may not have been listening yet

/** What somebody who only speaks MQTT saw of one device. */
export interface Sightings {
	/** From the beginning until `online` was seen, milliseconds. */
	onlineMs: number | undefined;
	telemetry: number;
	samples: number;
	/** From sending a command until its result came back through the broker, milliseconds. */
	roundTripMs: number | undefined;
	/** Why the result was not `applied`. */
	refusal: string | undefined;
	/** Why the observer itself has no connection. */
	error: string | undefined;
}

/** Somebody with the keys of a device. */
export interface Owner {
	sign(command: object): string;
	open(topic: string, payload: Buffer): Buffer;
}

const PLAIN: Owner = { sign: (command) => JSON.stringify(command), open: (_topic, payload) => payload };

/** Watches a device through the broker with MQTT.js, a client that shares no code with the firmware. */
export class Observer {
	readonly seen: Sightings = {
		onlineMs: undefined,
		telemetry: 0,
		samples: 0,
		roundTripMs: undefined,
		refusal: undefined,
		error: undefined,
	};
	readonly #client: MqttClient;
	readonly #prefix: string;
	readonly #owner: Owner;
	readonly #startMs = performance.now();
	#asked = 0;
	#askedMs = 0;
	#timer: NodeJS.Timeout | undefined;

	/** `owner` makes of a command what the device will take, and opens what it says. */
	constructor(target: Target, id: string, owner: Owner = PLAIN) {
		this.#owner = owner;
		this.#prefix = `farpin/${id}/`;
		this.#client = connect(clientOptions(target));
		this.#client.on("connect", () => this.#client.subscribe(`${this.#prefix}#`, { qos: 1 }));
		this.#client.on("error", (error) => {
			this.seen.error = reasonOf(error);
		});
		this.#client.on("message", (topic, payload, { retain }) => {
			this.#hear(topic.slice(this.#prefix.length), this.#owner.open(topic, payload), retain);
		});
	}

	async close(): Promise<void> {
		clearTimeout(this.#timer);
		await this.#client.endAsync(true);
	}

	/** A retained `online` may be left over from another day: the answer to a command tells. */
	#hear(topic: string, payload: Buffer, retained: boolean): void {
		if (topic === "status" && payload.toString() === "online") {
			if (!retained) this.#isOnline();
			this.#ask();
		}
		if (topic === "telemetry") this.#count(payload);
		if (topic === "result") this.#judge(payload);
	}

	#isOnline(): void {
		this.seen.onlineMs ??= performance.now() - this.#startMs;
	}

	#count(payload: Buffer): void {
		const batch = readDocument(payload);
		if (!Array.isArray(batch?.samples)) return;
		this.seen.telemetry++;
		this.seen.samples += batch.samples.length;
	}

	/** Asks for a report: a command that moves nothing. */
	#ask(): void {
		clearTimeout(this.#timer);
		if (this.seen.roundTripMs !== undefined) return;
		this.#asked++;
		this.#askedMs = performance.now();
		const command = { id: this.#commandId(), do: "report" };
		this.#client.publish(`${this.#prefix}command`, this.#owner.sign(command), { qos: 1 });
		this.#timer = setTimeout(() => this.#ask(), ASK_AGAIN_MS);
	}

	#judge(payload: Buffer): void {
		const result = readDocument(payload);
		if (result?.id !== this.#commandId()) return;
		clearTimeout(this.#timer);
		this.#isOnline();
		if (result.outcome === "applied") this.seen.roundTripMs ??= performance.now() - this.#askedMs;
		else this.seen.refusal = `${String(result.outcome)}: ${String(result.reason)}`;
	}

	#commandId(): string {
		return `check-${process.pid}-${this.#asked}`;
	}
}
