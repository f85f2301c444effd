import { randomFillSync } from "node:crypto";
import fc from "fast-check";
import { CompactEncrypt, compactDecrypt } from "jose";
import { describe, expect, it } from "vitest";
import { Compact } from "../../firmware/security/compact.js";
import { looksSealed, openJwe, sealJwe } from "../../firmware/trust/jwe.js";
import { readKey } from "../../firmware/trust/keys.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { pcText } from "../../scripts/board/text.js";
import { bytesOf, sealingKey, sharedKey, verifierOf } from "./owner.js";

const reader = sealingKey("reader");
const small = sealingKey("small", "A128GCM");
const mac = sharedKey("mac");
const verifier = verifierOf(reader, small, mac);

/** A board whose chance and clocks can be stopped. */
function boardWith(random: (into: Uint8Array) => void, nowMs = 1_790_000_000_000) {
	const clock = { monotonicMs: () => 5, wallMs: () => nowMs, setWallMs: () => undefined };
	return { clock, crypto: nodeCrypto, random, text: pcText };
}

const board = boardWith((into) => void randomFillSync(into));

function seal(plain: Uint8Array, key = reader, from = board): Compact {
	const header = JSON.stringify({ alg: "dir", enc: key.algorithm, kid: key.id });
	return new Compact(sealJwe(header, plain, readKey(key.line, pcText), from));
}

function nonceOf(compact: Compact): string {
	return Buffer.from(compact.part(2)).toString("hex");
}

describe("a sealed message", () => {
	it.each([reader, small])("with $algorithm is opened by jose, and by us", async (key) => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (plain) => {
				const sealed = seal(plain, key);
				expect(looksSealed(sealed)).toBe(true);
				const { plaintext, protectedHeader } = await compactDecrypt(sealed.token, key.secret);
				expect([...plaintext]).toEqual([...plain]);
				expect(protectedHeader).toEqual({ alg: "dir", enc: key.algorithm, kid: key.id });
				expect([...openJwe(sealed, verifier)]).toEqual([...plain]);
			}),
			{ numRuns: 30 },
		);
	});

	it.each([reader, small])("of jose's with $algorithm is opened", async (key) => {
		const header = { alg: "dir", enc: key.algorithm, kid: key.id, cty: "JWT" };
		const token = await new CompactEncrypt(bytesOf("secret")).setProtectedHeader(header).encrypt(key.secret);
		expect(Buffer.from(openJwe(new Compact(bytesOf(token)), verifier)).toString()).toBe("secret");
	});

	it("is not opened when any of its letters is another", () => {
		const { token } = seal(bytesOf("secret"));
		for (let at = 0; at < token.length; at++) {
			const other = token.slice();
			other[at] = other[at] === 0x41 ? 0x42 : 0x41;
			expect(() => openJwe(new Compact(other), verifier)).toThrow();
		}
	});
});

describe("a header", () => {
	const nothing = ["", "AAAAAAAAAAAAAAAA", "", "AAAAAAAAAAAAAAAAAAAAAA"];
	it.each([
		[{ alg: "dir", enc: "A256GCM", kid: "stranger" }, "does not know the key"],
		[{ alg: "dir", enc: "A256GCM" }, "which key"],
		[{ alg: "dir", enc: "A128GCM", kid: "reader" }, "enc A256GCM"],
		[{ alg: "dir", enc: "A128CBC-HS256", kid: "reader" }, "enc A256GCM"],
		[{ alg: "A256KW", enc: "A256GCM", kid: "reader" }, "alg dir"],
		[{ alg: "dir", enc: "A256GCM", kid: "reader", zip: "DEF" }, "nothing else"],
		[{ alg: "dir", enc: "A256GCM", kid: "reader", crit: ["x"] }, "nothing else"],
		[{ alg: "dir", enc: "A256GCM", kid: "reader", cty: "text" }, "nothing else"],
		[{ alg: "dir", enc: "HS256", kid: "mac" }, "not one for sealing"],
		[[], "not an object"],
	])("%j is refused", (header, why) => {
		const token = [Buffer.from(JSON.stringify(header)).toString("base64url"), ...nothing].join(".");
		expect(() => openJwe(new Compact(bytesOf(token)), verifier)).toThrow(why);
	});

	it.each([
		["AA.AAAAAAAAAAAAAAAA..AAAAAAAAAAAAAAAAAAAAAA", "a key of its own"],
		[".AAAA..AAAAAAAAAAAAAAAAAAAAAA", "wrong length"],
		[".AAAAAAAAAAAAAAAA..AAAA", "wrong length"],
		[".AAAAAAAAAAAAAAAA..AAAAAAAAAAAAAAAAAAAAAA", "was not sealed with the key reader"],
	])("with %j behind it is refused", (rest, why) => {
		const header = Buffer.from('{"alg":"dir","enc":"A256GCM","kid":"reader"}').toString("base64url");
		expect(() => openJwe(new Compact(bytesOf(`${header}.${rest}`)), verifier)).toThrow(why);
	});
});

describe("a nonce", () => {
	it("is another for each message, also for the same one again", () => {
		const nonces = new Set(Array.from({ length: 2_000 }, () => nonceOf(seal(bytesOf("same")))));
		expect(nonces.size).toBe(2_000);
	});

	it("is another for another message even when chance fails and every restart finds the same moment", () => {
		const broken = () => boardWith((into) => void into.fill(0));
		const nonces = new Set(Array.from({ length: 500 }, (_, n) => nonceOf(seal(bytesOf(`${n}`), reader, broken()))));
		expect(nonces.size).toBe(500);
		expect(nonceOf(seal(bytesOf("7"), reader, broken()))).toBe(nonceOf(seal(bytesOf("7"), reader, broken())));
		expect(
			nonceOf(
				seal(
					bytesOf("7"),
					reader,
					boardWith(() => undefined, 1),
				),
			),
		).not.toBe(
			nonceOf(
				seal(
					bytesOf("7"),
					reader,
					boardWith(() => undefined, 2),
				),
			),
		);
	});
});
