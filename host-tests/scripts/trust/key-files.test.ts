import { readFileSync, statSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { readKey } from "../../../firmware/trust/keys.js";
import { pcText } from "../../../scripts/board/text.js";
import { allOwnerKeys, makeKey, readOwnerKey } from "../../../scripts/trust/key-files.js";
import { signJws } from "../../../scripts/trust/sign.js";
import { Scratch } from "../rig.js";

const scratch = new Scratch();
afterAll(() => scratch.remove());

describe("a key", () => {
	it.each(["ES256", "HS256"])("for %s is made once, for its owner's eyes only, and read again", (algorithm) => {
		const folder = scratch.path(algorithm);
		const path = makeKey(folder, "owner", algorithm);
		expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(() => makeKey(folder, "owner", algorithm)).toThrow("such a key already");
		const key = readOwnerKey("owner", folder);
		expect(key).toMatchObject({ id: "owner", algorithm });
		expect(readKey(key.line, pcText)).toMatchObject({ id: "owner", algorithm });
		expect(readOwnerKey(path, "elsewhere").line).toBe(key.line);
		expect(allOwnerKeys(folder).map(({ line }) => line)).toEqual([key.line]);
	});

	it("for ES256 gives devices nothing of its private half", () => {
		const folder = scratch.path("private");
		const path = makeKey(folder, "laptop", "ES256");
		const { d, ...publicHalf } = JSON.parse(readFileSync(path, "utf8")) as { d: string };
		const { line } = readOwnerKey("laptop", folder);
		expect(line).not.toContain(d);
		writeFileSync(scratch.path("public.json"), JSON.stringify(publicHalf));
		const half = readOwnerKey(scratch.path("public.json"), folder);
		expect(half.line).toBe(line);
		expect(() => signJws(half, {})).toThrow("the public half");
	});

	it.each([
		["{", /not JSON/],
		["{}", /a member of it is missing/],
		['{"kty":"oct","kid":"a","alg":"HS256","k":"AAAA"}', /32 to 64 bytes/],
		['{"kty":"oct","kid":"A B","alg":"HS256","k":"AAAA"}', /written as/],
		['{"kty":"RSA","kid":"a","alg":"RS256"}', /not a key that devices know/],
		['{"kty":"EC","crv":"P-384","kid":"a","alg":"ES256","x":"","y":""}', /not a key that devices know/],
		['{"kty":"EC","crv":"P-256","kid":"a","alg":"ES256","x":"AQ","y":"AQ"}', /not a point/],
	])("in a file with %j is none, and why is said", (text, why) => {
		writeFileSync(scratch.path("bad.json"), text);
		expect(() => readOwnerKey(scratch.path("bad.json"), "")).toThrow(why);
	});

	it("that is not there is missed", () => {
		expect(() => readOwnerKey("nobody", scratch.path("none"))).toThrow("no such key");
		expect(() => makeKey(scratch.path("none"), "Me", "ES256")).toThrow("no name for a key");
		expect(() => makeKey(scratch.path("none"), "me", "RS256")).toThrow("no such kind");
		expect(allOwnerKeys(scratch.path("none"))).toEqual([]);
	});
});
