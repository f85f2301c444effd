import { beforeEach, describe, expect, it } from "vitest";
import { Inbound } from "../../firmware/mqtt/inbound.js";
import { Shape } from "../../firmware/mqtt/shape.js";
import type { Text } from "../../firmware/ports/text.js";
import { hex, nodeText, toHex } from "./bench.js";

let message: Inbound;

beforeEach(() => {
	message = new Inbound();
});

function read(bytes: string, text: Text = nodeText): string | undefined {
	const shape = new Shape();
	const data = hex(bytes);
	expect(shape.read(data, 0, data.length, 5), shape.fault?.reason).toBe(true);
	return message.read(shape, text);
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

	it("has no wildcard in its topic or Response Topic [MQTT-3.3.2-2, -14]", () => {
		expect(read('30 05 00 01 "#" 00 "y"')).toBe("it sent a PUBLISH to a topic with a wildcard");
		expect(read('30 06 00 02 "a+" 00 "y"')).toBe("it sent a PUBLISH to a topic with a wildcard");
		expect(read('30 08 00 01 "t" 04 08 00 01 "+"')).toBe("the Response Topic of a PUBLISH is not valid");
		expect(read('30 07 00 01 "t" 03 08 00 00')).toBe("the Response Topic of a PUBLISH is not valid");
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
