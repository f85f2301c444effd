import { decode, encode } from "./codec.js";
import { connectPacket } from "./connect.js";
import { NEVER } from "./connection.js";
import { Delivery } from "./delivery.js";
import { disconnected, isOldAnswer, OLD_SERVER, refusedConnection, refusedFilter, UNKNOWN_SESSION } from "./ends.js";
import { type Fault, malformed, protocolError } from "./fault.js";
import {
	CONNACK,
	DISCONNECT,
	type Packet,
	PINGRESP,
	PUBACK,
	PUBCOMP,
	PUBLISH,
	PUBREC,
	PUBREL,
	packetName,
	SUBACK,
	UNSUBACK,
} from "./packet.js";

/** A SUBSCRIBE or UNSUBSCRIBE: its identifier, the type of its answer, and what it asks for. */
interface Request {
	readonly id: number;
	readonly answerType: number;
	readonly filters: readonly string[];
}

/** What the packets of the server mean, and how a connection begins. */
export abstract class Exchange extends Delivery {
	/** The SUBSCRIBE or UNSUBSCRIBE that waits for its answer. */
	protected asked: Request | undefined = undefined;
	/** A session that the server kept, and we did not, is to be forgotten. */
	protected discard = false;
	/** Our CONNECT asked for a new session. */
	private clean = true;
	private assignedId: string | undefined = undefined;

	/** How the server knows us: by the name in the options, or the one that it chose. */
	get clientId(): string {
		return this.assignedId ?? this.options.clientId;
	}

	onOpen(): void {
		if (this.stateNow !== "opening") return;
		this.clean = this.beginsAfresh();
		const packet = connectPacket(this.options, this.clientId, this.version, this.clean);
		const count = encode(packet, this.sender.bytes, this.version);
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
		this.keepAlive.received(this.clock.monotonicMs());
		if ((shape.type === CONNACK) !== (this.stateNow === "connecting")) {
			this.fail(protocolError(`it sent a ${packetName(shape.type)} at the wrong time`)); // [MQTT-3.2.0-1, -2]
			return;
		}
		this.onPacket(bytes, start);
	}

	protected override forget(): void {
		super.forget();
		this.asked = undefined;
	}

	/**
	 * A lasting session asks for what there is, also when it knows of nothing: one that begins afresh ends with its
	 * connection in MQTT 3.1.1, and with the broker in Mosquitto 2.0, whatever expiry it asks for.
	 */
	private beginsAfresh(): boolean {
		return !this.persistent || this.discard || this.clientId === ""; // [MQTT-3.1.3-7] of 3.1.1
	}

	private onPacket(bytes: Uint8Array, start: number): void {
		switch (this.shape.type) {
			case PUBLISH:
				this.onPublish();
				break;
			case PUBACK:
				this.onPuback();
				break;
			case PUBREC:
				this.onPubrec();
				break;
			case PUBREL:
				this.onPubrel();
				break;
			case PUBCOMP:
				this.onPubcomp();
				break;
			case PINGRESP:
				this.keepAlive.answered();
				break;
			default: {
				const packet = decode(bytes, start, this.shape.end, this.version);
				if (packet === undefined) this.fail(malformed(`a ${packetName(this.shape.type)} cannot be read`));
				else this.onDecoded(packet);
			}
		}
	}

	private onDecoded(packet: Packet): void {
		const { type, code } = this.shape;
		if (type === SUBACK || type === UNSUBACK) this.onAnswer(packet.granted ?? [], packet.properties?.reasonString);
		else if (type === DISCONNECT) this.endWith(disconnected(packet));
		else if (code !== 0) {
			this.metVersion5 ||= this.version === 5;
			this.endWith(refusedConnection(packet, this.version));
		} else this.onConnack(packet, (this.shape.flags & 1) !== 0);
	}

	private onConnack(packet: Packet, present: boolean): void {
		this.metVersion5 ||= this.version === 5;
		if (present && this.clean) {
			this.fail(protocolError("it kept a session that we asked it to forget")); // [MQTT-3.2.2-2]
			return;
		}
		if (present && !this.resumable) {
			this.discard = true; // only who knows a session may resume it [MQTT-3.2.2-4]
			this.endWith(UNKNOWN_SESSION);
			return;
		}
		const { properties } = packet;
		this.limits.read(properties);
		this.assignedId = properties?.assignedClientIdentifier ?? this.assignedId;
		const bytesMax = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
		this.prepared.begin(this.version, bytesMax, properties?.topicAliasMaximum ?? 0);
		this.message.forgetAliases();
		this.resumable = this.persistent && !(this.clean && this.version === 4);
		this.discard = false;
		const nowMs = this.clock.monotonicMs();
		this.stateNow = "online";
		this.answerMs = NEVER;
		this.keepAlive.start(properties?.serverKeepAlive ?? this.options.keepAliveS, nowMs);
		this.resume(present);
	}

	/** §3.9, §3.11: one code for every filter, in their order; an UNSUBACK of MQTT 3.1.1 has none. */
	private onAnswer(codes: readonly number[], said: string | undefined): void {
		const { type, id } = this.shape;
		const { asked } = this;
		if (asked === undefined || id !== asked.id || type !== asked.answerType) {
			this.fail(this.unasked());
			return;
		}
		const { filters } = asked;
		const isPlain = type === UNSUBACK && this.version === 4;
		if (codes.length !== filters.length && !isPlain) {
			const name = packetName(type);
			this.fail(protocolError(`a ${name} answers ${codes.length} of ${filters.length} filters`)); // [MQTT-3.8.4-6]
			return;
		}
		this.asked = undefined;
		this.answerMs = NEVER;
		const what = type === SUBACK ? "the subscription to" : "to unsubscribe from";
		const refused = isPlain ? undefined : refusedFilter(what, filters, codes, said);
		if (type === SUBACK) this.handler.onSubscribed(refused);
		else this.handler.onUnsubscribed?.(refused);
		this.tellRoom();
	}
}
