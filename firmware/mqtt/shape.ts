import { type Fault, malformed, protocolError } from "./fault.js";
import { LentProperties, NOTHING, word } from "./lent-properties.js";
import { CONNACK, DISCONNECT, PINGRESP, PUBLISH, packetName, SUBACK, UNSUBACK } from "./packet.js";
import { walkProperties } from "./properties.js";
import { isReasonCode, isSubackCode, isUnsubackCode } from "./validate.js";

/**
 * Where the parts of one packet from a server lie in its bytes. `read` checks every byte of it that the specification
 * says something about, which mqtt-packet does not: with it, what mqtt-packet then reads cannot be cut short, doubled,
 * out of place or left over. The steady state (PUBLISH, PUBACK, PINGRESP) needs no more than this.
 *
 * One shape is used again for every packet: what it says is valid until the next `read`.
 */
export class Shape extends LentProperties {
	end = 0;
	type = 0;
	/** The lower half of the first byte. */
	flags = 0;
	/** Packet identifier, 0 in packets that have none. */
	id = 0;
	/** Reason code or return code, 0 in packets that have none. */
	code = 0;
	/** Where the topic of a PUBLISH lies, without its length; its bytes are not checked here. Empty with an alias only. */
	topicAt = 0;
	topicEnd = 0;
	/** Where the payload of a PUBLISH, or the codes of a SUBACK or UNSUBACK, begin; up to `end`, where others have none. */
	bodyAt = 0;
	fault: Fault | undefined = undefined;
	/** The highest topic alias that our CONNECT allows the server, 0 for none. */
	readonly topicAliasMax: number;
	private version: 4 | 5 = 5;

	constructor(topicAliasMax = 0) {
		super();
		this.topicAliasMax = topicAliasMax;
	}

	/** Reads the packet `bytes[start..end)`, cut out by the framer. False when `fault` says what is wrong with it. */
	read(bytes: Uint8Array, start: number, end: number, version: 4 | 5): boolean {
		const first = bytes[start] as number;
		this.bytes = bytes;
		this.end = end;
		this.type = first >> 4;
		this.flags = first & 0x0f;
		this.id = 0;
		this.code = 0;
		this.bodyAt = end;
		this.lend(0, 0);
		this.fault = undefined;
		this.version = version;
		return this.readBody(bodyStart(bytes, start)) >= 0;
	}

	/** Lets go of the packet's bytes. */
	release(): void {
		this.bytes = NOTHING;
	}

	/** Notes what is wrong; returns -1, for the caller to return in turn. */
	fail(fault: Fault): -1 {
		this.fault = fault;
		return -1;
	}

	private readBody(at: number): number {
		switch (this.type) {
			case CONNACK:
				return this.readConnack(at);
			case PUBLISH:
				return this.readPublish(at);
			case SUBACK:
			case UNSUBACK:
				return this.readCodes(at);
			case PINGRESP:
				return this.nothingLeft(at);
			case DISCONNECT:
				return this.readCode(at);
			default:
				return this.readAcknowledgement(at);
		}
	}

	/** §3.2: flags, code, properties. */
	private readConnack(at: number): number {
		if (at + 2 > this.end) return this.short();
		const flags = this.bytes[at] as number;
		this.flags = flags;
		this.code = this.bytes[at + 1] as number;
		if (flags > 1) return this.fail(malformed("the flags of a CONNACK are wrong"));
		const known = this.version === 5 ? isReasonCode(CONNACK, this.code) : this.code <= 5;
		if (!known) return this.fail(protocolError(`it sent a CONNACK with the unknown code ${this.code}`));
		if (flags === 1 && this.code !== 0) return this.fail(protocolError("it refused us and spoke of a session"));
		return this.propertiesThenNothing(at + 2);
	}

	/** §3.3: topic, identifier unless QoS is 0, properties, payload. */
	private readPublish(at: number): number {
		const topicAt = at + 2;
		if (topicAt > this.end) return this.short();
		const topicEnd = topicAt + word(this.bytes, at);
		if (topicEnd > this.end) return this.fail(malformed("the topic of a PUBLISH runs past its end"));
		this.topicAt = topicAt;
		this.topicEnd = topicEnd;
		let next = topicEnd;
		if (this.flags & 6) {
			next = this.readId(next);
			if (next < 0) return next;
		}
		if (this.version === 5) next = walkProperties(this, next);
		if (next >= 0 && topicEnd === topicAt && this.topicAlias === 0)
			return this.fail(protocolError("it sent a PUBLISH without a topic"));
		this.bodyAt = next;
		return next;
	}

	/** §3.4 to §3.7: identifier, then with MQTT 5 perhaps a code, then perhaps properties. */
	private readAcknowledgement(at: number): number {
		const next = this.readId(at);
		if (next < 0) return next;
		return this.version === 5 ? this.readCode(next) : this.nothingLeft(next);
	}

	/** A code that may be missing, when it is 0, and properties that may be missing, when there are none. */
	private readCode(at: number): number {
		if (at === this.end) return at;
		this.code = this.bytes[at] as number;
		if (!isReasonCode(this.type, this.code))
			return this.fail(protocolError(`a ${packetName(this.type)} carries the wrong code ${this.code}`));
		return at + 1 === this.end ? this.end : this.propertiesThenNothing(at + 1);
	}

	/** §3.9, §3.11: identifier, properties, one code for every filter; an UNSUBACK of MQTT 3.1.1 has no codes. */
	private readCodes(at: number): number {
		let next = this.readId(at);
		if (next < 0) return next;
		if (this.version === 4 && this.type === UNSUBACK) return this.nothingLeft(next);
		if (this.version === 5) next = walkProperties(this, next);
		if (next < 0) return next;
		if (next === this.end) return this.fail(protocolError(`a ${packetName(this.type)} carries no code`));
		this.bodyAt = next;
		for (let index = next; index < this.end; index++) {
			const code = this.bytes[index] as number;
			if (this.type === SUBACK ? isSubackCode(code, this.version) : isUnsubackCode(code)) continue;
			return this.fail(protocolError(`a ${packetName(this.type)} carries the unknown code ${code}`));
		}
		return this.end;
	}

	private propertiesThenNothing(at: number): number {
		const next = this.version === 5 ? walkProperties(this, at) : at;
		return next < 0 ? next : this.nothingLeft(next);
	}

	private nothingLeft(at: number): number {
		return at === this.end ? at : this.fail(malformed(`a ${packetName(this.type)} has bytes left over`));
	}

	/** An identifier of 0 is never right [MQTT-2.2.1-3]. */
	private readId(at: number): number {
		if (at + 2 > this.end) return this.short();
		this.id = word(this.bytes, at);
		return this.id > 0 ? at + 2 : this.fail(protocolError(`a ${packetName(this.type)} has the packet identifier 0`));
	}

	private short(): number {
		return this.fail(malformed(`a ${packetName(this.type)} is cut short`));
	}
}

/** Where the fixed header ends; the framer has made sure that the length is whole. */
function bodyStart(bytes: Uint8Array, start: number): number {
	let at = start + 1;
	while ((bytes[at] as number) & 0x80) at++;
	return at + 1;
}
