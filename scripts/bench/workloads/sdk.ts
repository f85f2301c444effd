import MQTTClient from "embedded:network/mqtt/client";
import { Broker } from "./broker.js";
import { isCommand, type Task } from "./names.js";
import SinkSocket, { lastSocket } from "./sink-socket.js";
import { type Engine, obey, Pump, payloadOf, RESULT_TOPIC, TELEMETRY_TOPIC, type Workload } from "./workload.js";

/** Answers at once with an address that nobody connects to. */
class NoDns {
	resolve({ host, onResolved }: { host: string; onResolved: (host: string, address: string) => void }): void {
		onResolved(host, "10.0.0.1");
	}
}

/** The Moddable SDK's own client, MQTT 3.1.1, used as in its example. */
export class Sdk implements Workload {
	private readonly engine: Engine;
	private readonly task: Task;
	private readonly broker: Broker;
	private readonly client: MQTTClient;
	private readonly socket: SinkSocket<unknown>;
	private readonly pump = new Pump();
	/** It counts its messages from 2, and tells nobody. */
	private id = 1;
	private waiting = 0;

	constructor(engine: Engine, task: Task) {
		this.engine = engine;
		this.task = task;
		this.broker = new Broker(engine, 4, task);
		this.client = new MQTTClient({
			host: "broker",
			id: "greenhouse",
			dns: { io: NoDns },
			socket: { io: SinkSocket },
			onReadable: (count) => this.received(count),
			onControl: ({ operation, id }) => {
				if (operation === MQTTClient.PUBACK && id === this.waiting) this.waiting = 0;
			},
			onError() {
				throw new Error("the SDK's client gave up");
			},
		});
		this.socket = lastSocket();
		this.socket.open();
		this.socket.deliver(this.broker.connack());
	}

	step(n: number): void {
		if (isCommand(this.task)) this.socket.deliver(this.broker.commandOf(n));
		else this.publish(TELEMETRY_TOPIC, payloadOf(this.task, n), this.task === "qos0" ? 0 : 1);
		if (this.task === "qos0") return;
		this.socket.deliver(this.broker.puback(this.waiting));
		if (this.waiting !== 0) throw new Error("the acknowledgement did not arrive");
	}

	private received(count: number): void {
		const command = String.fromArrayBuffer(this.client.read(count));
		this.publish(RESULT_TOPIC, obey(command, this.pump), 1);
		// It queues the acknowledgement of a message, and sends it when its socket has room again.
		this.socket.open();
	}

	private publish(topic: string, payload: string, QoS: 0 | 1): void {
		const bytes = this.engine.bytesOf(payload) as ArrayBuffer;
		this.id = (this.id % 65_535) + 1;
		if (QoS === 1) this.waiting = this.id;
		this.client.write(bytes, { topic, QoS, id: this.id });
	}
}
