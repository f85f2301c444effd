import { TcpStream } from "../../../firmware/board/tcp-stream.js";
import type { JsonValue } from "../../../firmware/model/document.js";
import { json } from "../../../firmware/model/json.js";
import { type Message, Session, type SessionHandler } from "../../../firmware/mqtt/session.js";
import type { Board } from "../../../firmware/ports/board.js";
import { Commands, type CommandTarget } from "../../../firmware/runtime/commands.js";
import type { Entity } from "../../../firmware/runtime/entities/entity.js";
import { Backlog } from "./backlog.js";
import { Broker, idAfter } from "./broker.js";
import { isCommand, type Task } from "./names.js";
import type SinkSocket from "./sink-socket.js";
import { lastSocket } from "./sink-socket.js";
import { type Engine, Pump, RESULT_TOPIC, TELEMETRY_TOPIC, telemetry, type Workload } from "./workload.js";

const PREFIX = "farpin/greenhouse/";
/** What devices speak. */
const VERSION = 5;

/**
 * Ours, from the socket's callbacks to the socket's write: the session on the board's own stream, and for commands the
 * runtime's own reader and judge.
 */
export class Farpin implements Workload, SessionHandler, CommandTarget {
	readonly board: Board;
	readonly device = { encoding: json, signing: undefined };
	readonly keys = [];
	readonly settings = { broker: { host: "10.0.0.1", port: 1883 } };
	readonly id = "greenhouse";
	private readonly task: Task;
	private readonly broker: Broker;
	private readonly socket: SinkSocket<unknown>;
	private readonly session: Session;
	private readonly commands = new Commands(this);
	private readonly pump = new PumpEntity();
	private readonly target = new TargetEntity();
	private readonly backlog: Backlog | undefined;
	private packetId = 0;
	private waiting = 0;

	constructor(engine: Engine, task: Task) {
		const { text, clock } = engine;
		this.board = { text, clock } as Board; // all that a command asks of it
		this.task = task;
		this.backlog = task === "drain" ? new Backlog(engine) : undefined;
		this.broker = new Broker(engine, VERSION, task);
		const limits = { keepAliveS: 60, receiveBytesMax: 2_048, sendBytesMax: 2_048, inFlightMax: 4 };
		this.session = new Session({ clientId: "greenhouse", ...limits }, clock, text, this);
		this.session.open(new TcpStream({ address: "10.0.0.1", port: 1883 }, this.session), VERSION);
		this.socket = lastSocket();
		this.socket.open();
		this.socket.deliver(this.broker.connack());
		if (this.session.state !== "online") throw new Error("the session is not online");
	}

	step(n: number): void {
		if (isCommand(this.task)) this.socket.deliver(this.broker.commandOf(n));
		else if (this.task === "drain") this.publish(TELEMETRY_TOPIC, (this.backlog as Backlog).next(n), 1);
		else this.publish(TELEMETRY_TOPIC, telemetry(n), this.task === "qos0" ? 0 : 1);
		if (this.task === "qos0") return;
		this.socket.deliver(this.broker.puback(this.packetId));
		if (this.waiting !== 0) throw new Error("the acknowledgement did not arrive");
		if (this.commands.refused > 0) throw new Error("the command was not carried out");
		this.backlog?.taken();
	}

	onMessage(message: Message): void {
		this.commands.handle(message.topic.slice(PREFIX.length), message);
	}

	onAcknowledged(token: number, refused: string | undefined): void {
		if (refused === undefined && token === this.waiting) this.waiting = 0;
	}

	entity(id: string): Entity | undefined {
		if (id === "pump") return this.pump as unknown as Entity;
		return id === "target" ? (this.target as unknown as Entity) : undefined;
	}

	result(payload: string): void {
		this.publish(RESULT_TOPIC, payload, 1);
	}

	objection(): undefined {}
	logAt(): never {
		throw new Error("nobody asked for the log");
	}

	perform(): void {}
	onOnline(): void {}
	onSubscribed(): void {}
	onRoom(): void {}

	onEnded({ reason }: { readonly reason: string }): void {
		throw new Error(reason);
	}

	private publish(topic: string, payload: string | Uint8Array, qos: 0 | 1): void {
		if (qos === 1) this.waiting = this.packetId = idAfter(this.packetId);
		if (!this.session.publish(topic, payload, qos, false, this.packetId)) throw new Error("the message was not sent");
	}
}

/** The pump, as the runtime sees what can be switched. */
class PumpEntity {
	private readonly pump = new Pump();

	check(value: JsonValue): string | undefined {
		return value === "ON" || value === "OFF" ? undefined : "the value must be ON or OFF";
	}

	set(value: JsonValue): void {
		this.pump.set(value === "ON");
	}
}

/** The set point, as the runtime sees what can be set. */
class TargetEntity {
	private readonly pump = new Pump();

	check(value: JsonValue): string | undefined {
		return typeof value === "number" && value >= 5 && value <= 35
			? undefined
			: "the value must be a number from 5 to 35";
	}

	set(value: JsonValue): void {
		this.pump.aim(value as number);
	}
}
