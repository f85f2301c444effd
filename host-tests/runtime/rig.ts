import { decode } from "@msgpack/msgpack";
import reference from "../../firmware/device.js";
import type { Device } from "../../firmware/model/device.js";
import type { Properties } from "../../firmware/mqtt/packet.js";
import type { Board } from "../../firmware/ports/board.js";
import type { Crypto } from "../../firmware/ports/crypto.js";
import { type Running, run } from "../../firmware/runtime/run.js";
import type { Settings } from "../../firmware/runtime/settings.js";
import { Bme280Chip } from "../virtual/bme280-chip.js";
import { VirtualBoard } from "../virtual/board.js";
import { type BrokerOptions, VirtualBroker } from "../virtual/broker.js";
import type { VirtualSocket } from "../virtual/i2c.js";
import type { VirtualPin } from "../virtual/pins.js";
import { SntpServer } from "../virtual/sntp-server.js";
import { World } from "../virtual/world.js";

const PREFIX = "farpin/greenhouse/";
const BROKER = "10.0.0.1";

/** One message that the broker got from the device. */
export interface Seen {
	readonly atMs: number;
	/** Below the device's own, or the whole topic where it is another. */
	readonly topic: string;
	/** A document in MessagePack is told in JSON. */
	readonly text: string;
	readonly retain: boolean;
	readonly properties: Properties | undefined;
}

export interface Sample {
	readonly seq: number;
	readonly time: number | null;
	readonly values: Readonly<Record<string, number>>;
}

export interface RigOptions {
	readonly device?: Device;
	readonly settings?: Partial<Settings>;
	readonly broker?: BrokerOptions;
	readonly crypto?: Crypto;
	/** What chance in its world begins with. */
	readonly seed?: number;
	readonly around?: (board: Board) => Board;
}

/** A device on a virtual board, with its broker and its time server. The reference device unless told otherwise. */
export class DeviceRig {
	readonly board: VirtualBoard;
	readonly broker: VirtualBroker;
	readonly time: SntpServer;
	readonly seen: Seen[] = [];
	readonly air: VirtualSocket;
	running: Running | undefined;
	private readonly options: RigOptions;

	constructor(options: RigOptions = {}) {
		this.options = options;
		const { crypto, seed } = options;
		const board = new VirtualBoard({ world: new World(seed), ...(crypto === undefined ? {} : { crypto }) });
		this.board = board;
		this.broker = new VirtualBroker(board.world, board.text, { logMax: 5_000, ...options.broker });
		this.time = new SntpServer(board.internet, "10.0.0.2");
		board.internet.listen(BROKER, 1883, this.broker.accept);
		board.internet.names.set("broker.test", BROKER).set("pool.ntp.org", "10.0.0.2");
		this.air = board.hardware.attach(new Bme280Chip(board.clock), { data: 21, clock: 22, address: 0x76 });
		this.pin("soil").fraction = 0.5;
		board.onRestart = () => this.start(0);
		this.broker.observe("#", (message) => {
			if (message.from === undefined) return;
			const { topic, retain, properties } = message;
			const below = topic.startsWith(PREFIX) ? topic.slice(PREFIX.length) : topic;
			const isPacked = (message.payload[0] ?? 0) >= 0x80;
			const text = isPacked ? JSON.stringify(decode(message.payload)) : (this.broker.textOf(message) as string);
			this.seen.push({ atMs: board.world.nowMs, topic: below, text, retain, properties });
		});
	}

	start(ms = 3_000): this {
		const { device = reference, settings, around = (board: Board) => board } = this.options;
		const broker = { host: "broker.test", port: 1883 };
		this.running = run(around(this.board), device, { id: "greenhouse", broker, ...settings });
		return this.advance(ms);
	}

	advance(ms: number): this {
		this.board.world.advance(ms);
		return this;
	}

	/** The pin of a part of the reference device. */
	pin(key: string): VirtualPin {
		const pin = reference.parts.find((part) => part.key === key)?.definition.pins[0]?.pin;
		if (pin === undefined) throw new Error(`${key} has no pin`);
		return this.board.hardware.pins.at(pin);
	}

	/** Whether the relay is drawn in; it is active low. */
	get pumpOn(): boolean {
		return this.pin("pump").value === 0;
	}

	press(key: string, ms = 100): this {
		this.pin(key).press();
		this.advance(ms);
		this.pin(key).letGo();
		return this.advance(100);
	}

	/** Publishes below the device's own topic and waits for the answer. */
	publish(topic: string, payload: string | Uint8Array, retain = false, properties?: Properties): this {
		const more = properties === undefined ? {} : { properties };
		this.broker.publish(PREFIX + topic, payload, { qos: 1, retain, ...more });
		return this.advance(500);
	}

	command(document: object, properties?: Properties): this {
		return this.publish("command", JSON.stringify(document), false, properties);
	}

	texts(topic: string): string[] {
		return this.seen.filter((seen) => seen.topic === topic).map(({ text }) => text);
	}

	json(topic: string): Record<string, unknown>[] {
		return this.texts(topic).map((text) => JSON.parse(text) as Record<string, unknown>);
	}

	last(topic: string): string | undefined {
		return this.texts(topic).at(-1);
	}

	/** Every sample received, in order of arrival. */
	get samples(): Sample[] {
		return this.json("telemetry").flatMap(({ samples }) => samples as Sample[]);
	}

	/** The `health` of this moment. */
	health(): { refused: number; faults: number; stale: string[]; outbox: { waiting: number; dropped: number } } & {
		link: { state: string; connects: number; failures: number; lastError: string | null };
	} {
		this.command({ do: "report" });
		return JSON.parse(this.last("health") as string) as never;
	}
}
