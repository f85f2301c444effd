import { expect, it } from "vitest";
import { verdictOf } from "../../firmware/update/verdict.js";

const NOTE = { version: "1.1.0", issued: 1, tries: 1, wasRejected: false, stale: [], why: "" };

it.each([
	["nothing was noted", undefined, false, false, "1.0.0", "open"],
	["nothing was noted, and long ago something was given up", undefined, false, true, "1.0.0", "open"],
	["it runs, on trial", NOTE, true, false, "1.1.0", "trial"],
	["something that nobody noted is on trial", undefined, true, false, "1.1.0", "trial"],
	["it runs, and what ran before was good", NOTE, false, false, "1.1.0", "confirmed"],
	["what ran before runs, and it was never selected", NOTE, false, false, "1.0.0", "open"],
	["what ran before runs, and it was given up", NOTE, false, true, "1.0.0", "rolled back"],
	["the same version runs, and it was given up", { ...NOTE, version: "1.0.0" }, false, true, "1.0.0", "rolled back"],
	["something was given up, perhaps an earlier one", { ...NOTE, wasRejected: true }, false, true, "1.0.0", "open"],
	["the same, the second time", { ...NOTE, wasRejected: true, tries: 2 }, false, true, "1.0.0", "rolled back"],
] as const)("%s", (_, note, onTrial, rejected, version, verdict) => {
	expect(verdictOf(note, { onTrial, rejected }, version)).toBe(verdict);
});
