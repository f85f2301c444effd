import type { Task } from "./names.js";
import type { Engine } from "./workload.js";
import { COMMAND_TOPIC, COMMANDS } from "./workload.js";

const ID_MAX = 65_535; // MQTT 5 §2.2.1

/** The other side: packets as a broker sends them, MQTT 3.1.1 or 5, made with as little ado as can be. */
export class Broker {
	private readonly version: 4 | 5;
	private readonly ack = Uint8Array.of(0x40, 2, 0, 0);
	private readonly command: Uint8Array;
	private readonly commandId: number;

	constructor(engine: Engine, version: 4 | 5, task: Task) {
		this.version = version;
		const topic = engine.text.encode(COMMAND_TOPIC);
		const payload = engine.text.encode(task === "setting" ? COMMANDS.setting : COMMANDS.command);
		const properties = version === 5 ? [0] : [];
		const body = [0, topic.length, ...topic, 0, 1, ...properties, ...payload];
		this.command = Uint8Array.of(0x32, body.length, ...body);
		this.commandId = 2 + 2 + topic.length;
	}

	/** CONNACK: welcome. */
	connack(): Uint8Array {
		return Uint8Array.from(this.version === 5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]);
	}

	/** PUBACK of the packet with this identifier. Lent until the next. */
	puback(id: number): Uint8Array {
		this.ack[2] = id >> 8;
		this.ack[3] = id & 0xff;
		return this.ack;
	}

	/** A command of QoS 1, its identifier and its id in the document never those of the one before. Lent. */
	commandOf(n: number): Uint8Array {
		const bytes = this.command;
		const id = 1 + (n % ID_MAX);
		bytes[this.commandId] = id >> 8;
		bytes[this.commandId + 1] = id & 0xff;
		const digits = this.commandId + 2 + (this.version === 5 ? 1 : 0) + 8;
		bytes[digits] = 0x30 + (n % 10);
		bytes[digits + 1] = 0x30 + ((n / 10) % 10);
		return bytes;
	}
}

/** The identifier after `id`. */
export function idAfter(id: number): number {
	return id === ID_MAX ? 1 : id + 1;
}
