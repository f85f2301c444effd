import generate from "mqtt-packet/generate.js";
import Parser from "mqtt-packet/parser.js";
import writeToStream from "mqtt-packet/writeToStream.js";
import { useText } from "../../../firmware/mqtt/standins/text.js";
import { Broker, idAfter } from "./broker.js";
import { isCommand, type Task } from "./names.js";
import SinkSocket from "./sink-socket.js";
import { type Engine, obey, Pump, payloadOf, RESULT_TOPIC, TELEMETRY_TOPIC, type Workload } from "./workload.js";

// Its cache of 65,536 Buffers would not fit into any chip.
writeToStream.cacheNumbers = false;

interface Packet {
	readonly cmd: string;
	readonly messageId: number;
	readonly payload: Uint8Array;
}

/** mqtt-packet as its manual says: `generate` for what goes out, one parser for what comes in; MQTT 3.1.1. */
export class Plain implements Workload {
	private readonly engine: Engine;
	private readonly task: Task;
	private readonly broker: Broker;
	private readonly socket: SinkSocket<Plain>;
	private readonly parser: Parser;
	private readonly buffer = new Uint8Array(256);
	private readonly pump = new Pump();
	private id = 0;
	private waiting = 0;

	constructor(engine: Engine, task: Task) {
		useText(engine.text);
		this.engine = engine;
		this.task = task;
		this.broker = new Broker(engine, 4, task);
		this.socket = new SinkSocket<Plain>({ target: this, onReadable });
		this.parser = new Parser().parser({ protocolVersion: 4 });
		this.parser.on("packet", (packet: Packet) => this.onPacket(packet));
		this.parser.on("error", (error: Error) => {
			throw error;
		});
	}

	step(n: number): void {
		if (isCommand(this.task)) this.socket.deliver(this.broker.commandOf(n));
		else this.publish(TELEMETRY_TOPIC, payloadOf(this.task, n), this.task === "qos0" ? 0 : 1);
		if (this.task === "qos0") return;
		this.socket.deliver(this.broker.puback(this.waiting));
		if (this.waiting !== 0) throw new Error("the acknowledgement did not arrive");
	}

	received(count: number): void {
		const bytes = this.buffer.subarray(0, count);
		this.socket.read(bytes);
		this.parser.parse(bytes);
	}

	private onPacket({ cmd, messageId, payload }: Packet): void {
		if (cmd === "puback") {
			if (messageId === this.waiting) this.waiting = 0;
			return;
		}
		const answer = obey(this.engine.textOf(payload, 0, payload.length), this.pump);
		this.socket.write(generate({ cmd: "puback", messageId }));
		this.publish(RESULT_TOPIC, answer, 1);
	}

	private publish(topic: string, payload: string, qos: 0 | 1): void {
		if (qos === 1) this.waiting = this.id = idAfter(this.id);
		const packet = { cmd: "publish", topic, payload, qos, messageId: this.id, retain: false, dup: false };
		this.socket.write(generate(packet));
	}
}

function onReadable(this: SinkSocket<Plain>, count: number): void {
	this.target?.received(count);
}
