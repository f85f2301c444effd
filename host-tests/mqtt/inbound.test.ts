import { beforeEach, describe, expect, it } from "vitest";
import { Inbound } from "../../firmware/mqtt/inbound.js";
import { Shape } from "../../firmware/mqtt/shape.js";
import type { Text } from "../../firmware/ports/text.js";
import { hex, nodeText, toHex } from "./bench.js";

let message: Inbound;

beforeEach(() => {
	message = new Inbound(3);
});

function read(bytes: string, text: Text = nodeText): string | undefined {
	const shape = new Shape(3);
	const data = hex(bytes);
	expect(shape.read(data, 0, data.length, 5), shape.fault?.reason).toBe(true);
	return message.read(shape, text)?.reason;
}

describe("a message that arrives", () => {
	it("has topic, payload, flags, Response Topic and Correlation Data", () => {
		expect(read('3b 13 00 03 "a/b" 00 07 09 08 00 01 "r" 09 00 02 01 02 "hi"')).toBeUndefined();
		expect(message).toMatchObject({ topic: "a/b", qos: 1, retain: true, duplicate: true, responseTopic: "r" });
		expect(toHex(message.payload)).toBe("68 69");
		expect(toHex(message.correlationData ?? hex(""))).toBe("01 02");
	});

	it("lets go of the bytes, and keeps nothing of one message for the next", () => {
		read('30 0f 00 01 "t" 09 08 00 01 "r" 09 00 02 01 02 "x"');
		message.release();
		expect(message.payload.length).toBe(0);
		read('30 05 00 01 "t" 00 "y"');
		expect(message).toMatchObject({ topic: "t", responseTopic: undefined, correlationData: undefined, retain: false });
	});

	it("has an empty payload and text beyond ASCII", () => {
		expect(read("30 07 00 04 f0 9f 98 80 00")).toBeUndefined();
		expect(message.topic).toBe("😀");
		expect(message.payload.length).toBe(0);
	});

	it("has no wildcard in its topic [MQTT-3.3.2-2]", () => {
		expect(read('30 05 00 01 "#" 00 "y"')).toBe("it sent a PUBLISH to a topic with a wildcard");
		expect(read('30 06 00 02 "a+" 00 "y"')).toBe("it sent a PUBLISH to a topic with a wildcard");
	});

	it("has what else MQTT 5 says about it (§3.3.2.3)", () => {
		expect(
			read('30 1e 00 01 "t" 18 01 01 02 00 01 00 02 03 00 04 "text" 0b 81 01 0b 05 26 00 00 00 00 "hi"'),
		).toBeUndefined();
		expect(message).toMatchObject({ isText: true, messageExpiryS: 65_538, contentType: "text", subscriptionId: 129 });
		const users = message.userProperties;
		expect(users?.count).toBe(1);
		message.release();
		expect(message.contentType).toBeUndefined();
		expect(users?.count).toBe(0);
		expect(message.userProperties).toBeUndefined();
		read('30 05 00 01 "t" 00 "y"');
		expect(message).toMatchObject({ isText: false, messageExpiryS: undefined, subscriptionId: undefined });
		expect(message.contentType).toBeUndefined();
	});

	it("is to be refused when it is not the text that it says it is (§3.3.2.3.2)", () => {
		const payload = (bytes: string) => {
			expect(
				read(`30 ${(6 + hex(bytes).length).toString(16).padStart(2, "0")} 00 01 "t" 02 01 01 ${bytes}`),
			).toBeUndefined();
			return message.refusal;
		};
		expect(["", '"text"', "f0 9f 98 80", "61 00", "ef bb bf"].map(payload)).toEqual([0, 0, 0, 0, 0]);
		expect(["ff", "c3", "c0 80", "ed a0 80"].map(payload)).toEqual([0x99, 0x99, 0x99, 0x99]);
		read('30 05 00 01 "t" 00 ff');
		expect(message.refusal).toBe(0); // it does not say that it is text
	});

	it("has the topic that its alias stands for, on the same connection (§3.3.4)", () => {
		const unknown = "it used topic alias 1 before it said what that stands for";
		expect(read("30 06 00 00 03 23 00 01")).toBe(unknown);
		expect(read('30 07 00 01 "a" 03 23 00 01')).toBeUndefined();
		expect(read('30 07 00 01 "c" 03 23 00 03')).toBeUndefined();
		expect(read("30 06 00 00 03 23 00 01")).toBeUndefined();
		expect(message.topic).toBe("a");
		expect(read('30 07 00 01 "b" 03 23 00 01')).toBeUndefined();
		expect(read("30 06 00 00 03 23 00 01")).toBeUndefined();
		expect(message.topic).toBe("b");
		expect(read('30 07 00 01 "#" 03 23 00 01')).toBeDefined(); // and is not remembered
		expect(read("30 06 00 00 03 23 00 01")).toBeUndefined();
		expect(message.topic).toBe("b");
		message.forgetAliases();
		expect(read("30 06 00 00 03 23 00 01")).toBe(unknown);
	});

	it("has a topic of well-formed UTF-8, also where the engine lets more pass [MQTT-1.5.4-1, -2]", () => {
		// As an engine that keeps strings in its own kind of UTF-8 might: U+0000 in two bytes, halves of pairs in three.
		const lax: Text = { ...nodeText, decode: (_, start, end) => "?".repeat(Math.ceil((end - start) / 2)) };
		for (const topic of ["61 c3", "c0 80", "ed a0 80", "61 00 62"]) expect(readTopic(topic, lax), topic).toBe(NOT_UTF8);
		for (const topic of ["ff", "61 c3", "c0 80", "ed a0 80", "00", "61 00 62"])
			expect(readTopic(topic, nodeText), topic).toBe(NOT_UTF8);
	});
});

const NOT_UTF8 = "the topic of a PUBLISH is not UTF-8";

function readTopic(topic: string, text: Text): string | undefined {
	const { length } = hex(topic);
	return read(`30 ${(length + 3).toString(16).padStart(2, "0")} 00 0${length} ${topic} 00`, text);
}
