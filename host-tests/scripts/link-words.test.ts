import { expect, test } from "vitest";
import { lost, OLD_SERVER } from "../../firmware/mqtt/ends.js";
import { STAGES } from "../../firmware/net/stages.js";
import { linkWords } from "../../scripts/start/link-words.js";

test("has words for every state of the link, no two the same", () => {
	const words = [...STAGES, "off", "waiting"].map((state) => linkWords(state, undefined));
	expect(new Set(words).size).toBe(words.length);
	for (const [index, state] of [...STAGES, "off", "waiting"].entries())
		if (state !== "online") expect(words[index]).not.toBe(state);
});

test("says why while the link waits, and nothing of old failures on the way", () => {
	expect(linkWords("waiting", "no answer")).toBe("not connected, trying again soon: no answer");
	expect(linkWords("tcp", "no answer")).toBe("connecting to the broker");
	expect(linkWords("name", "no answer")).toBe("looking up the broker's address");
});

test("says why the broker is asked once more when it knows the older MQTT only", () => {
	for (const { reason } of [OLD_SERVER, lost("it cut the connection", true)])
		expect(linkWords("name", reason)).toBe(`looking up the broker's address once more: ${reason}`);
});
