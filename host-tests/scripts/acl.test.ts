import { describe, expect, it } from "vitest";
import { makeAcl } from "../../scripts/acl/acl.js";

const WORDS = { root: "farpin", owner: "owner" };

describe("a broker's permissions", () => {
	it("name every topic of the contract, for every format", () => {
		for (const format of ["mosquitto", "emqx", "hivemq", "aws"]) {
			const text = makeAcl(format, { ...WORDS, device: ["shed"] });
			for (const topic of [
				"status",
				"about",
				"telemetry",
				"event",
				"result",
				"health",
				"log",
				"set",
				"command",
				"update",
			])
				expect([format, text.includes(`/${topic}`)]).toEqual([format, true]);
		}
	});

	it("are valid JSON for AWS, with one policy for each device and nothing for all", () => {
		const policies = JSON.parse(makeAcl("aws", { ...WORDS, device: ["shed", "barn"] }));
		expect(policies.map(({ policyName }: { policyName: string }) => policyName)).toEqual([
			"farpin-shed",
			"farpin-barn",
		]);
		const resources = policies[0].policyDocument.Statement.flatMap(({ Resource }: { Resource: string[] }) => Resource);
		for (const resource of resources) expect(resource).toContain("shed");
	});

	it.each([
		["cisco", {}, "There is no format cisco: mosquitto, emqx, hivemq, aws."],
		["aws", {}, "AWS wants one policy for each device: name them with --device."],
		["mosquitto", { root: "a/b" }, '"a/b" cannot be the first level of a topic.'],
		["mosquitto", { owner: "me\nuser evil" }, "cannot be a user's name"],
		["mosquitto", { device: ["No"] }, '"No" is no name for a device: use 1 to 32 of a-z, 0-9 and -.'],
		["mosquitto", { answers: "farpin/x" }, "it must be a topic filter outside farpin/"],
	])("%s %j: %s", (format, words, complaint) => {
		expect(() => makeAcl(format, { ...WORDS, ...words })).toThrow(complaint);
	});
});
