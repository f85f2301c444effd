import { describe, expect, it } from "vitest";
import { encode } from "../../firmware/mqtt/codec.js";
import { connectPacket, subscribePacket } from "../../firmware/mqtt/connect.js";
import type { PacketOut } from "../../firmware/mqtt/packet.js";
import { useText } from "../../firmware/mqtt/standins/text.js";
import { hex, nodeText, OPTIONS, toHex } from "./bench.js";

useText(nodeText);

function bytes(packet: PacketOut, version: 4 | 5): string {
	const into = new Uint8Array(200);
	return toHex(into.subarray(0, encode(packet, into, version)));
}

describe("CONNECT", () => {
	it("is written as MQTT 3.1.1 §3.1 says", () => {
		expect(bytes(connectPacket(OPTIONS, "dev", 4, true), 4)).toBe(
			toHex(hex('10 0f 00 04 "MQTT" 04 02 00 3c 00 03 "dev"')),
		);
	});

	it("tells an MQTT 5 server what we take at most (§3.1.2.11.3, §3.1.2.11.4)", () => {
		expect(bytes(connectPacket(OPTIONS, "dev", 5, true), 5)).toBe(
			toHex(hex('10 18 00 04 "MQTT" 05 02 00 3c 08 21 00 10 27 00 00 01 00 00 03 "dev"')),
		);
	});

	it("has will, user name and password in their order (§3.1.3)", () => {
		const will = { topic: "w", payload: "off", qos: 1, retain: true } as const;
		const options = { ...OPTIONS, username: "u", password: "pw", will };
		expect(bytes(connectPacket(options, "dev", 4, true), 4)).toBe(
			toHex(hex('10 1e 00 04 "MQTT" 04 ee 00 3c 00 03 "dev" 00 01 "w" 00 03 "off" 00 01 "u" 00 02 "pw"')),
		);
		expect(bytes(connectPacket(options, "dev", 5, true), 5)).toContain(
			toHex(hex('00 03 "dev" 00 00 01 "w" 00 03 "off"')),
		);
	});
});

describe("SUBSCRIBE (§3.8)", () => {
	it("has every filter with its QoS", () => {
		expect(bytes(subscribePacket(["a/+", "b"], 1, 7), 4)).toBe(toHex(hex('82 0c 00 07 00 03 "a/+" 01 00 01 "b" 01')));
		expect(bytes(subscribePacket(["b"], 0, 258), 5)).toBe(toHex(hex('82 07 01 02 00 00 01 "b" 00')));
	});
});
