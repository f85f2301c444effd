import { decode } from "@msgpack/msgpack";
import { connectAsync, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { clientOptions, type Target } from "../../scripts/start/target.js";

export interface Heard {
	readonly topic: string;
	readonly text: string;
	readonly payload: Uint8Array;
	readonly packet: IPublishPacket;
}

const DEADLINE_MS = 15_000;

/** An MQTT client that shares no code with the firmware, and remembers everything it hears. */
export class Witness {
	readonly heard: Heard[] = [];
	readonly client: MqttClient;
	readonly #prefix: string;
	#waiting: (() => void)[] = [];

	private constructor(client: MqttClient, prefix: string) {
		this.client = client;
		this.#prefix = prefix;
		client.on("message", (topic, payload, packet) => {
			this.heard.push({ topic: topic.replace(this.#prefix, ""), text: payload.toString(), payload, packet });
			const waiting = this.#waiting;
			this.#waiting = [];
			for (const look of waiting) look();
		});
	}

	/** Connects and listens to everything of one device. */
	static async of(target: Target, id: string, more: IClientOptions = {}): Promise<Witness> {
		const witness = new Witness(await connectAsync({ ...clientOptions(target), ...more }), `farpin/${id}/`);
		await witness.client.subscribeAsync(`farpin/${id}/#`, { qos: 1 });
		return witness;
	}

	/** The first message from number `from` on that `fits`; topics are those below the device's own. */
	async hears(topic: string, fits: (heard: Heard) => boolean = () => true, from = 0): Promise<Heard> {
		const untilMs = performance.now() + DEADLINE_MS;
		for (;;) {
			const found = this.heard.slice(from).find((one) => one.topic === topic && fits(one));
			if (found !== undefined) return found;
			await this.#more(untilMs, topic);
		}
	}

	/** As many messages as there are now: pass it as `from` to look only at what comes later. */
	get mark(): number {
		return this.heard.length;
	}

	/** Publishes below the device's own topic. */
	async say(topic: string, text: string, options: { qos?: 0 | 1 | 2; retain?: boolean } = {}): Promise<void> {
		await this.client.publishAsync(`${this.#prefix}${topic}`, text, { qos: 1, ...options });
	}

	async close(): Promise<void> {
		await this.client.endAsync(true);
	}

	#more(untilMs: number, topic: string): Promise<void> {
		return new Promise((resolve, reject) => {
			const heard = this.heard.map((one) => `${one.topic} ${one.text.slice(0, 80)}`).slice(-12);
			const timer = setTimeout(
				() => reject(new Error(`nothing that fits on ${topic}; the last heard:\n${heard.join("\n")}`)),
				untilMs - performance.now(),
			);
			this.#waiting.push(() => {
				clearTimeout(timer);
				resolve();
			});
		});
	}
}

/** The object in a message, in JSON or, as its first byte tells, in MessagePack. */
export function json({ payload, text }: Heard): Record<string, unknown> {
	const value = (payload[0] ?? 0) < 0x80 ? JSON.parse(text) : decode(payload);
	return value as Record<string, unknown>;
}

/** Kept when `done` is true; looked at again whenever `changes` calls. */
export class Changes {
	#waiting = new Set<() => void>();

	readonly happened = (): void => {
		for (const look of this.#waiting) look();
	};

	until(done: () => boolean, what: string): Promise<void> {
		if (done()) return Promise.resolve();
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#waiting.delete(look);
				reject(new Error(`${what} did not come about`));
			}, DEADLINE_MS);
			const look = (): void => {
				if (!done()) return;
				clearTimeout(timer);
				this.#waiting.delete(look);
				resolve();
			};
			this.#waiting.add(look);
		});
	}
}
