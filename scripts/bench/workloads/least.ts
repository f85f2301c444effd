import { Broker, idAfter } from "./broker.js";
import { isCommand, type Task } from "./names.js";
import SinkSocket from "./sink-socket.js";
import {
	COMMAND_TOPIC,
	type Engine,
	obey,
	Pump,
	payloadOf,
	RESULT_TOPIC,
	TELEMETRY_TOPIC,
	type Workload,
} from "./workload.js";

/** A PUBLISH all but its length, its identifier and its payload, made once (MQTT 3.1.1 §3.3). */
class Prepared {
	readonly bytes: Uint8Array;
	private readonly qos: 0 | 1;

	constructor(engine: Engine, topic: string, qos: 0 | 1) {
		const name = engine.text.encode(topic);
		this.qos = qos;
		this.bytes = Uint8Array.of(0x30 | (qos << 1), 0, 0, 0, name.length, ...name, ...(qos === 1 ? [0, 0] : []));
	}

	/** Fills in what is not known before. The length always takes two bytes, of which the second may be 0. */
	fill(payloadBytes: number, id: number): Uint8Array {
		const bytes = this.bytes;
		const length = bytes.length - 3 + payloadBytes;
		bytes[1] = (length & 0x7f) | 0x80;
		bytes[2] = length >> 7;
		if (this.qos === 1) {
			bytes[bytes.length - 2] = id >> 8;
			bytes[bytes.length - 1] = id;
		}
		return bytes;
	}
}

/** What no client can do without: payload, prepared header, write; and only as much reading as each task needs. */
export class Least implements Workload {
	private readonly engine: Engine;
	private readonly task: Task;
	private readonly broker: Broker;
	private readonly socket: SinkSocket<Least>;
	private readonly prepared: Prepared;
	private readonly pump = new Pump();
	private readonly buffer = new Uint8Array(256);
	private readonly ack = Uint8Array.of(0x40, 2, 0, 0);
	private readonly commandTopic: Uint8Array;
	private id = 0;
	private waiting = 0;

	constructor(engine: Engine, task: Task) {
		this.engine = engine;
		this.task = task;
		this.broker = new Broker(engine, 4, task);
		this.socket = new SinkSocket<Least>({ target: this, onReadable });
		this.prepared = new Prepared(engine, isCommand(task) ? RESULT_TOPIC : TELEMETRY_TOPIC, task === "qos0" ? 0 : 1);
		this.commandTopic = engine.text.encode(COMMAND_TOPIC);
	}

	step(n: number): void {
		if (isCommand(this.task)) this.socket.deliver(this.broker.commandOf(n));
		else this.publish(payloadOf(this.task, n));
		if (this.task === "qos0") return;
		this.socket.deliver(this.broker.puback(this.waiting));
		if (this.waiting !== 0) throw new Error("the acknowledgement did not arrive");
	}

	received(count: number): void {
		const { buffer } = this;
		this.socket.read(buffer.subarray(0, count));
		if (buffer[0] === 0x40) {
			if ((buffer[2] as number) * 256 + (buffer[3] as number) === this.waiting) this.waiting = 0;
		} else if (buffer[0] === 0x32) this.command(count);
	}

	private publish(payload: string): void {
		const bytes = this.engine.bytesOf(payload);
		if (this.task !== "qos0") this.waiting = this.id = idAfter(this.id);
		this.socket.write(this.prepared.fill(bytes.byteLength, this.id));
		this.socket.write(bytes);
	}

	private command(end: number): void {
		const { buffer, commandTopic: topic, ack } = this;
		for (let i = 0; i < topic.length; i++) if (buffer[4 + i] !== topic[i]) return;
		const at = 4 + topic.length;
		const answer = obey(this.engine.textOf(buffer, at + 2, end), this.pump);
		ack[2] = buffer[at] as number;
		ack[3] = buffer[at + 1] as number;
		this.socket.write(ack);
		this.publish(answer);
	}
}

function onReadable(this: SinkSocket<Least>, count: number): void {
	this.target?.received(count);
}
