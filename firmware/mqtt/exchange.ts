import type { Clock } from "../ports/clock.js";
import type { Text } from "../ports/text.js";
import { decode, encode } from "./codec.js";
import { connectPacket } from "./connect.js";
import { Connection, NEVER } from "./connection.js";
import { disconnected, isOldAnswer, OLD_SERVER, refusedConnection, refusedFilter } from "./ends.js";
import { type Fault, malformed, protocolError, RECEIVE_MAXIMUM_EXCEEDED } from "./fault.js";
import { InFlight } from "./in-flight.js";
import { Inbound } from "./inbound.js";
import { ServerLimits } from "./limits.js";
import { CONNACK, DISCONNECT, type Packet, PINGRESP, PUBACK, PUBLISH, packetName, SUBACK } from "./packet.js";
import { reasonWords } from "./reasons.js";
import { Shape } from "./shape.js";
import type { SessionHandler, SessionOptions } from "./types.js";

const PUBACK_FIRST = PUBACK << 4;

/** What the packets of the server mean: the receiving half of a session. */
export abstract class Exchange extends Connection {
	protected readonly text: Text;
	protected readonly limits: ServerLimits = new ServerLimits();
	protected readonly inFlight: InFlight;
	/** The SUBSCRIBE that waits for its answer, 0 for none, and its filters. */
	protected subscribeId = 0;
	protected filters: readonly string[] | undefined = undefined;
	private readonly shape: Shape = new Shape();
	private readonly message: Inbound = new Inbound();

	constructor(options: SessionOptions, clock: Clock, text: Text, handler: SessionHandler) {
		super(options, clock, handler);
		this.text = text;
		this.inFlight = new InFlight(options.inFlightMax);
	}

	onOpen(): void {
		if (this.stateNow !== "opening") return;
		const count = encode(connectPacket(this.options, this.version), this.sender.bytes, this.version);
		if (count < 0) {
			this.end("protocol", "CONNECT is not valid, or larger than this device may send");
			return;
		}
		this.stateNow = "connecting";
		this.awaitAnswer(this.clock.monotonicMs());
		if (!this.sender.send(count)) this.end("network", "The connection takes nothing although it is open");
	}

	protected override onFrame(bytes: Uint8Array, start: number, end: number): void {
		if (this.stateNow === "connecting" && this.version === 5 && isOldAnswer(bytes, start, end)) {
			this.endWith(OLD_SERVER);
			return;
		}
		const shape = this.shape;
		if (!shape.read(bytes, start, end, this.version)) {
			this.fail(shape.fault as Fault);
			return;
		}
		const nowMs = this.clock.monotonicMs();
		this.keepAlive.received(nowMs);
		if ((shape.type === CONNACK) !== (this.stateNow === "connecting")) {
			this.fail(protocolError(`it sent a ${packetName(shape.type)} at the wrong time`)); // [MQTT-3.2.0-1, -2]
			return;
		}
		this.onPacket(bytes, start, nowMs);
	}

	protected override release(): void {
		this.shape.release();
	}

	protected override forget(): void {
		this.inFlight.clear();
		this.subscribeId = 0;
		this.filters = undefined;
	}

	private onPacket(bytes: Uint8Array, start: number, nowMs: number): void {
		switch (this.shape.type) {
			case PUBLISH:
				this.onPublish();
				break;
			case PUBACK:
				this.onPuback();
				break;
			case PINGRESP:
				this.keepAlive.answered();
				break;
			case CONNACK:
			case SUBACK:
			case DISCONNECT: {
				const packet = decode(bytes, start, this.shape.end, this.version);
				if (packet === undefined) this.unread();
				else this.onDecoded(packet, nowMs);
				break;
			}
			default:
				this.unasked();
		}
	}

	private onDecoded(packet: Packet, nowMs: number): void {
		if (this.shape.type === CONNACK) {
			this.onConnack(packet, nowMs);
			return;
		}
		if (this.shape.type === SUBACK) {
			this.onSuback(packet.granted ?? []);
			return;
		}
		this.endWith(disconnected(packet));
	}

	private onConnack(packet: Packet, nowMs: number): void {
		this.metVersion5 ||= this.version === 5;
		if (this.shape.code !== 0) {
			this.endWith(refusedConnection(packet, this.version));
			return;
		}
		const sessionPresent = packet.sessionPresent === true;
		if (sessionPresent) {
			this.fail(protocolError("it kept a session that we asked it to forget")); // [MQTT-3.2.2-4]
			return;
		}
		this.limits.read(packet.properties);
		this.stateNow = "online";
		this.answerMs = NEVER;
		this.keepAlive.start(this.limits.keepAliveS < 0 ? this.options.keepAliveS : this.limits.keepAliveS, nowMs);
		this.handler.onOnline(sessionPresent);
	}

	/** §4.3.1, §4.3.2: a QoS 1 message is acknowledged once its owner is done with it, even when that failed. */
	private onPublish(): void {
		const fault = this.message.read(this.shape, this.text);
		if (fault !== undefined) {
			this.fail(fault);
			return;
		}
		const qos = this.message.qos;
		if (qos === 2) {
			this.fail(protocolError("it sent a message with QoS 2, and QoS 1 is the highest asked for"));
			return;
		}
		const id = this.shape.id;
		const epoch = this.epoch;
		try {
			this.handler.onMessage(this.message);
		} finally {
			this.message.release();
			if (qos === 1 && this.epoch === epoch && this.stateNow === "online") this.acknowledge(id);
		}
	}

	private acknowledge(id: number): void {
		if (this.sender.sendAcknowledgement(PUBACK_FIRST, id)) this.keepAlive.sent(this.clock.monotonicMs());
		else
			this.fail({
				code: RECEIVE_MAXIMUM_EXCEEDED,
				reason: "it sends messages and does not take their acknowledgements",
			});
	}

	/** §3.4. */
	private onPuback(): void {
		const place = this.inFlight.find(this.shape.id);
		if (place < 0) {
			this.unasked();
			return;
		}
		const token = this.inFlight.remove(place);
		const code = this.shape.code;
		const refused = code < 0x80 ? undefined : `The broker refused the message: ${reasonWords(code)}`;
		this.handler.onAcknowledged(token, refused);
		this.tellRoom();
	}

	/** §3.9: one code for every filter, in their order. */
	private onSuback(granted: readonly number[]): void {
		if (this.subscribeId === 0 || this.shape.id !== this.subscribeId) {
			this.unasked();
			return;
		}
		const filters = this.filters ?? [];
		if (granted.length !== filters.length) {
			this.fail(protocolError(`a SUBACK answers ${granted.length} of ${filters.length} filters`));
			return;
		}
		this.subscribeId = 0;
		this.filters = undefined;
		this.answerMs = NEVER;
		this.handler.onSubscribed(refusedFilter(filters, granted));
		this.tellRoom();
	}

	private unasked(): void {
		this.fail(protocolError(`it sent a ${packetName(this.shape.type)} that nobody waits for`));
	}

	private unread(): void {
		this.fail(malformed(`a ${packetName(this.shape.type)} cannot be read`));
	}
}
