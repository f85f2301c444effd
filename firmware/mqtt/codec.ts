import Parser from "mqtt-packet/parser.js";
import writeToStream from "mqtt-packet/writeToStream.js";
import type { Packet, PacketOut } from "./packet.js";
import { currentText } from "./standins/text.js";
import { varintSize, writeVarint } from "./varint.js";

// Here, in a preloaded module: later it would be an assignment to something in flash.
writeToStream.cacheNumbers = false;

/** Collects the many small writes of one packet in one buffer, so that the packet leaves in one socket write. */
class Gatherer {
	/** Bytes gathered, or -1 when the packet is not valid or does not fit. */
	count = 0;
	private readonly into: Uint8Array;

	constructor(into: Uint8Array) {
		this.into = into;
	}

	/** Called by mqtt-packet, with bytes, text, or a number packed by our numbers.ts. */
	write(part: Uint8Array | string | number): boolean {
		if (this.count >= 0) this.count = this.append(part, this.count);
		return this.count >= 0;
	}

	/** Called by mqtt-packet about a packet that it will not write. */
	destroy(): void {
		this.count = -1;
	}

	private append(part: Uint8Array | string | number, at: number): number {
		if (typeof part === "string") {
			const written = currentText().write(part, this.into, at);
			return written < 0 ? -1 : at + written;
		}
		if (typeof part === "number") return at + 4 > this.into.length ? -1 : writeVarint(this.into, at, ~part);
		if (at + part.length > this.into.length) return -1;
		this.into.set(part, at);
		return at + part.length;
	}
}

/**
 * mqtt-packet's parser, but user properties do not become property names of an object: names are for ever on XS, and
 * these are the peer's to choose. All of them land under the one fixed name `pairs`.
 */
class BoundedParser extends Parser {
	protected override _parseStringPair(): { name: string; value: unknown } {
		const name = this._parseString();
		const value = this._parseString();
		return { name: "pairs", value: { name, value } };
	}
}

let parsed: Packet | undefined;
let faults = 0;

function keepPacket(packet: Packet): void {
	parsed = packet;
}

function takeParsed(): Packet | undefined {
	const packet = parsed;
	parsed = undefined;
	return packet;
}

function countFault(): void {
	faults++;
}

/**
 * Encodes any packet into `into` from its start, with mqtt-packet.
 * @returns the number of bytes, or -1 when the packet is not valid or does not fit.
 */
export function encode(packet: PacketOut, into: Uint8Array, version: 4 | 5): number {
	const gatherer = new Gatherer(into);
	try {
		writeToStream(packet, gatherer, { protocolVersion: version });
	} catch {
		return -1;
	}
	return gatherer.count;
}

/**
 * Decodes `bytes[start..end)`, which must be exactly one packet, with mqtt-packet. Its parser lives for one packet only:
 * after a fault it would go on with whatever comes next, and at rest it would only take memory.
 * @returns the packet, which may hold views of `bytes`, or undefined when the parser refuses it.
 */
export function decode(bytes: Uint8Array, start: number, end: number, version: 4 | 5): Packet | undefined {
	parsed = undefined;
	faults = 0;
	try {
		const parser = new BoundedParser();
		parser.on("packet", keepPacket).on("error", countFault);
		parser.parser({ protocolVersion: version }).parse(bytes.subarray(start, end));
	} catch {
		faults++;
	}
	const packet = takeParsed();
	if (packet === undefined || faults > 0) return undefined;
	return 1 + varintSize(packet.length) + packet.length === end - start ? packet : undefined;
}
