import { expect, test } from "vitest";
import { failuresOf, type Report } from "../../scripts/start/summary.js";

const seen = { onlineMs: 200, telemetry: 2, samples: 4, roundTripMs: 5, refusal: undefined, error: undefined };
const link = { state: "online", words: "online", lastError: undefined };
const report = (change: Partial<Report["seen"]>, other: Partial<Report["link"]> = {}): string[] =>
	failuresOf({ id: "bench", seen: { ...seen, ...change }, link: { ...link, ...other } });

test("has nothing to say of what works", () => {
	expect(report({})).toEqual([]);
});

test("says why a device did not come online, the device's reason first", () => {
	const waiting = { state: "waiting", lastError: "no answer" };
	expect(report({ onlineMs: undefined, error: "refused" }, waiting)).toEqual(["bench did not come online: no answer."]);
	expect(report({ onlineMs: undefined, error: "refused" }, { state: "mqtt" })).toEqual([
		"bench did not come online: refused.",
	]);
	expect(report({ onlineMs: undefined }, { state: "mqtt" })).toEqual([
		'bench did not come online: its link is still at "mqtt".',
	]);
});

test("does not call a device offline that says it is online", () => {
	const sentence =
		"bench is online, and yet nothing of it is to be seen: look at what it may publish, and this user read";
	expect(report({ onlineMs: undefined })).toEqual([`${sentence}.`]);
	expect(report({ onlineMs: undefined }, { lastError: "telemetry: refused" })).toEqual([
		`${sentence} (telemetry: refused).`,
	]);
});

test("says what is missing of one that is online", () => {
	expect(report({ telemetry: 0, roundTripMs: undefined })).toEqual([
		"No telemetry of bench arrived at the broker.",
		"bench did not answer a command sent through the broker.",
	]);
	expect(report({ refusal: "refused: no" })).toEqual(["bench did not carry out the command (refused: no)."]);
});
