import { describe, expect, it } from "vitest";
import { firstByteFault, isReasonCode, isSubackCode, isUnsubackCode } from "../../firmware/mqtt/validate.js";
import { constants } from "./constants.js";

const codes = Array.from({ length: 256 }, (_, code) => code);

describe("the first byte (§2.1)", () => {
	it("is right for what a server sends, and for nothing else", () => {
		const good5 = [0x20, 0x40, 0x50, 0x62, 0x70, 0x90, 0xb0, 0xd0, 0xe0];
		const publish = [0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x3a, 0x3b, 0x3c, 0x3d];
		const good = (version: 4 | 5) => codes.filter((byte) => firstByteFault(byte, version) === undefined);
		expect(good(5)).toEqual([...good5, ...publish].sort((a, b) => a - b));
		expect(good(4)).toEqual([...good5, ...publish].filter((byte) => byte !== 0xe0).sort((a, b) => a - b));
	});

	it("names the code of the fault", () => {
		const code = (byte: number, version: 4 | 5 = 5) => firstByteFault(byte, version)?.code;
		for (const byte of [0x00, 0x0f, 0x36, 0x38, 0x21, 0x60, 0x92, 0xd1]) expect(code(byte)).toBe(0x81);
		expect(code(0xf1)).toBe(0x81); // [MQTT-3.15.1-1]
		for (const byte of [0x10, 0x82, 0xa2, 0xc0, 0xf0]) expect(code(byte)).toBe(0x82);
		expect(code(0xe0, 4)).toBe(0x82);
		expect(code(0xf0, 4)).toBe(0x81);
	});
});

describe("reason codes (MQTT 5 §2.4)", () => {
	it("are the ones that mqtt-packet has for the packet, less what only a client may say", () => {
		const known = (list: object) => Object.keys(list).map(Number);
		const ours = (type: number) => codes.filter((code) => isReasonCode(type, code));
		const received = [...known(constants.MQTT5_PUBACK_PUBREC_CODES), 0x95].sort((a, b) => a - b); // Mosquitto's
		expect(ours(4)).toEqual(received);
		expect(ours(5)).toEqual(received);
		expect(ours(6)).toEqual(known(constants.MQTT5_PUBREL_PUBCOMP_CODES));
		expect(ours(7)).toEqual(known(constants.MQTT5_PUBREL_PUBCOMP_CODES));
		expect(codes.filter((code) => isSubackCode(code, 5))).toEqual(known(constants.MQTT5_SUBACK_CODES));
		expect(codes.filter(isUnsubackCode)).toEqual(known(constants.MQTT5_UNSUBACK_CODES));
		expect(ours(14).filter((code) => !known(constants.MQTT5_DISCONNECT_CODES).includes(code))).toEqual([]);
		expect(known(constants.MQTT5_DISCONNECT_CODES).filter((code) => !ours(14).includes(code))).toEqual([0x04]);
		expect(ours(15)).toEqual([]);
	});

	it("in a CONNACK are those of table 3.2.2.2", () => {
		const table = "00 80 81 82 83 84 85 86 87 88 89 8a 8c 90 95 97 99 9a 9b 9c 9d 9f"
			.split(" ")
			.map((code) => Number.parseInt(code, 16));
		expect(codes.filter((code) => isReasonCode(2, code))).toEqual(table);
	});

	it("in a SUBACK of 3.1.1 are the three QoS and failure", () => {
		expect(codes.filter((code) => isSubackCode(code, 4))).toEqual([0, 1, 2, 0x80]);
	});
});
