import { createHash } from "node:crypto";
import { connectAsync, type MqttClient } from "mqtt";
import { Fault, reasonOf } from "../../firmware/model/fault.js";
import { BLOCK_HEAD_BYTES } from "../../firmware/update/blocks.js";
import { SECTOR_BYTES } from "../../firmware/update/image.js";
import { readDocument } from "../page/documents.js";
import { clientOptions, type Target } from "../start/target.js";

const ENDS: ReadonlySet<string> = new Set(["confirmed", "rolled back", "failed", "refused", "cancelled"]);
const AGAIN_MS = 5_000; // a device that was away when the order came has lost it
const BLOCKS_MAX = 16; // that anybody may ask for in one message

export interface Delivery {
	readonly target: Target;
	/** First level of every topic. */
	readonly root: string;
	readonly devices: readonly string[];
	/** The order to install it, for this device and this moment. */
	readonly orderFor: (device: string) => string;
	/** What a device said, out of its envelope where it has one. */
	readonly open: (topic: string, payload: Buffer) => Buffer;
	readonly version: string;
	readonly image: Uint8Array;
	/** One plain line about one device. */
	readonly onLine: (device: string, line: string) => void;
}

/**
 * Orders devices to install a release, sends the blocks that they ask for, and resolves, when every one has said how it
 * ended, to the names of those that did not keep it.
 */
export async function deliver(delivery: Delivery): Promise<string[]> {
	const client = await connected(delivery.target);
	try {
		const couriers = delivery.devices.map((device) => new Courier(client, delivery, device));
		client.on("message", (topic, payload) => {
			for (const courier of couriers) courier.hear(topic, payload);
		});
		await client.subscribeAsync(
			couriers.map(({ topic }) => topic),
			{ qos: 1 },
		);
		const ends = await Promise.all(couriers.map((courier) => courier.run()));
		return delivery.devices.filter((_, at) => ends[at] !== "confirmed");
	} finally {
		await client.endAsync();
	}
}

async function connected(target: Target): Promise<MqttClient> {
	try {
		const client = await connectAsync(clientOptions(target));
		client.on("error", () => undefined); // it comes back by itself
		return client;
	} catch (error) {
		throw new Fault("the broker", reasonOf(error), "see --broker, --ca, and whether it runs");
	}
}

/** Brings a release to one device. */
class Courier {
	readonly topic: string;
	readonly #client: MqttClient;
	readonly #delivery: Delivery;
	readonly #device: string;
	readonly #digest: Buffer;
	#isHeard = false;
	#line = "";
	#end: (state: string) => void = () => undefined;

	constructor(client: MqttClient, delivery: Delivery, device: string) {
		this.#client = client;
		this.#delivery = delivery;
		this.#device = device;
		this.topic = `${delivery.root}/${device}/update`;
		this.#digest = createHash("sha256").update(delivery.image).digest();
	}

	/** Gives the order until the device is heard of, and waits for the end. */
	async run(): Promise<string> {
		const ended = new Promise<string>((resolve) => {
			this.#end = resolve;
		});
		this.#order();
		const timer = setInterval(() => this.#order(), AGAIN_MS);
		try {
			return await ended;
		} finally {
			clearInterval(timer);
		}
	}

	hear(topic: string, payload: Buffer): void {
		if (topic !== this.topic) return;
		const report = readDocument(this.#delivery.open(topic, payload));
		const { state, version, blocks } = report ?? {};
		if (typeof state !== "string" || (version !== undefined && version !== this.#delivery.version)) return;
		this.#isHeard = true;
		this.#tell(wordsOf(state, report ?? {}));
		if (Array.isArray(blocks)) for (const block of blocks.slice(0, BLOCKS_MAX)) this.#send(Number(block));
		if (ENDS.has(state)) this.#end(state);
	}

	#order(): void {
		if (this.#isHeard) return;
		this.#client.publish(this.topic, this.#delivery.orderFor(this.#device), { qos: 1 });
	}

	/** Before the bytes of a block: the beginning of the image's digest, and its number. */
	#send(block: number): void {
		const bytes = this.#delivery.image.subarray(block * SECTOR_BYTES, (block + 1) * SECTOR_BYTES);
		if (!Number.isInteger(block) || bytes.length === 0) return;
		const head = Buffer.alloc(BLOCK_HEAD_BYTES);
		this.#digest.copy(head, 0, 0, BLOCK_HEAD_BYTES / 2);
		head.writeUInt32BE(block, BLOCK_HEAD_BYTES / 2);
		this.#client.publish(`${this.topic}/block`, Buffer.concat([head, bytes]), { qos: 1 });
	}

	#tell(line: string): void {
		if (line !== this.#line) this.#delivery.onLine(this.#device, line);
		this.#line = line;
	}
}

function wordsOf(state: string, { done, of, reason }: Record<string, unknown>): string {
	const share = typeof done === "number" && typeof of === "number" ? ` ${Math.floor((done * 100) / of)} %` : "";
	return `${state}${share}${typeof reason === "string" ? `: ${reason}` : ""}`;
}
