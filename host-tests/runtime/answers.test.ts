import { describe, expect, it } from "vitest";
import type { Message } from "../../firmware/mqtt/types.js";
import { answerTo } from "../../firmware/runtime/answers.js";

const PREFIX = "farpin/greenhouse/";

function message(responseTopic?: string, correlationData?: Uint8Array): Message {
	const payload = new Uint8Array();
	return { topic: "", payload, qos: 1, retain: false, duplicate: false, responseTopic, correlationData };
}

describe("answers", () => {
	it("go where the sender said, with its correlation data, which is lent", () => {
		const lent = new Uint8Array([1, 2, 3]);
		const letter = answerTo(message("app/7/answers", lent), "{}", PREFIX);
		lent.fill(0);
		expect(letter).toEqual({ topic: "app/7/answers", payload: "{}", correlationData: new Uint8Array([1, 2, 3]) });
		expect(answerTo(message("app"), "{}", PREFIX)).toEqual({ topic: "app", payload: "{}" });
	});

	it.each([
		undefined,
		"",
		"farpin/greenhouse/pump/set",
		"farpin/greenhouse/command",
		"farpin/greenhouse/status",
		"farpin/other/pump/set",
		"farpin/other/command",
		"$SYS/broker",
		"app/+",
		"app/#",
		`app/${"x".repeat(300)}`,
	])("do not go to %s", (topic) => {
		expect(answerTo(message(topic), "{}", PREFIX)).toBeUndefined();
	});

	it("do not carry more than fits: a sender must not fill the memory", () => {
		expect(answerTo(message("app", new Uint8Array(250)), "{}", PREFIX)).toBeDefined();
		expect(answerTo(message("app", new Uint8Array(4_000)), "{}", PREFIX)).toBeUndefined();
	});
});
