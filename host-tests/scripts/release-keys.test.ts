import { generateKeyPairSync } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { releaseKey, signingKey } from "../../scripts/release/keys.js";
import { Scratch } from "./rig.js";

const scratch = new Scratch();
afterAll(() => scratch.remove());

test("is made on first use, for its owner only, and stays", () => {
	const first = signingKey(scratch.path("home"));
	expect(signingKey(scratch.path("home")).publicKey).toEqual(first.publicKey);
	expect(first.publicKey.point).toMatch(/^04[0-9a-f]{128}$/);
	expect(first.publicKey.id).toMatch(/^[0-9a-f]{16}$/);
	const path = scratch.path("home/release.key");
	if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
	expect(readFileSync(path, "utf8")).toContain("PRIVATE KEY");
});

test("says what is wrong with one that is none", () => {
	const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
	expect(() => releaseKey(publicKey)).toThrow("it is not on the curve P-256");
	writeFileSync(scratch.path("home/release.key"), "no key");
	expect(() => signingKey(scratch.path("home"))).toThrow(/release\.key.*no private key on P-256/);
});
