import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keptSecret, keptText, readIfThere, writePrivate } from "../../scripts/private-files.js";
import { Scratch } from "./rig.js";

let scratch: Scratch;
beforeEach(() => {
	scratch = new Scratch();
});
afterEach(() => scratch.remove());

test("a secret is made at random on first use, 144 bits of it, and stays what it is", () => {
	const secrets = Array.from({ length: 50 }, (_, at) => keptSecret(scratch.path(`${at}`), "owner.password"));
	expect(new Set(secrets).size).toBe(50);
	for (const secret of secrets) expect(secret).toMatch(/^\w[\w-]{23}$/);
	expect(keptSecret(scratch.path("0"), "owner.password")).toBe(secrets[0]);
	expect(keptSecret(scratch.path("0"), "device.password")).not.toBe(secrets[0]);
});

test("one that is too short to be one is made anew", () => {
	writePrivate(scratch.path("home/owner.password"), "password");
	expect(keptSecret(scratch.path("home"), "owner.password")).toHaveLength(24);
});

test.skipIf(process.platform === "win32")("belongs to its owner (skipped: Windows has other rights)", () => {
	keptSecret(scratch.path("home"), "owner.password");
	expect(statSync(scratch.path("home")).mode & 0o077).toBe(0);
	expect(statSync(join(scratch.path("home"), "owner.password")).mode & 0o077).toBe(0);
});

test("what is good is kept, and what was never there is nothing", () => {
	expect(readIfThere(scratch.path("nothing"))).toBeUndefined();
	writePrivate(scratch.path("home/name"), "kept\n");
	expect(
		keptText(
			scratch.path("home/name"),
			() => true,
			() => "made",
		),
	).toBe("kept");
	expect(
		keptText(
			scratch.path("home/name"),
			() => false,
			() => "made",
		),
	).toBe("made");
});
