import { createHmac } from "node:crypto";
import fc from "fast-check";
import { CompactSign, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { fromBase64Url } from "../../firmware/security/base64url.js";
import { Compact } from "../../firmware/security/compact.js";
import { Refused } from "../../firmware/security/refused.js";
import { isSignatureOf, looksSigned, readJws, type Verifier } from "../../firmware/trust/jws.js";
import { readKey } from "../../firmware/trust/keys.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { pcText } from "../../scripts/board/text.js";
import { signJws } from "../../scripts/trust/sign.js";
import { bytesOf, ellipticKey, sharedKey, verifierOf } from "./owner.js";

const owner = sharedKey("owner");
const laptop = ellipticKey("laptop");
const verifier = verifierOf(owner, laptop);

function verifyJws(compact: Compact, by: Verifier) {
	const read = readJws(compact, by);
	if (!isSignatureOf(read.key, compact.upTo(1), compact.part(2), by.crypto)) throw new Refused("not made with");
	return read;
}

function refusalOf(token: string | Uint8Array): string {
	try {
		verifyJws(new Compact(typeof token === "string" ? bytesOf(token) : token), verifier);
	} catch (error) {
		return (error as Error).message;
	}
	return "nothing";
}

function encoded(value: unknown): string {
	return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

/** A token with any header, its MAC right. */
function withHeader(header: unknown, secret: Buffer = owner.secret): string {
	const input = `${encoded(header)}.${encoded({ a: 1 })}`;
	return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

const PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const A1_KEY = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
const A3_X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const A3_Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
const A3_POINT = Buffer.concat([Buffer.from([4]), Buffer.from(A3_X, "base64url"), Buffer.from(A3_Y, "base64url")]);

describe("the examples of RFC 7515, appendix A", () => {
	it.each([
		[
			"A.1, HS256",
			`joe:HS256:${A1_KEY}`,
			`eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${PAYLOAD}`,
			"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		],
		[
			"A.3, ES256",
			`joe:ES256:${A3_POINT.toString("base64url")}`,
			`eyJhbGciOiJFUzI1NiJ9.${PAYLOAD}`,
			"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
		],
	])("%s is a signature, and with any bit turned is none", (_name, line, input, encodedSignature) => {
		const key = readKey(line, pcText);
		const letters = bytesOf(encodedSignature);
		const signature = fromBase64Url(letters, 0, letters.length) as Uint8Array;
		expect(isSignatureOf(key, bytesOf(input), signature, nodeCrypto)).toBe(true);
		for (let bit = 0; bit < 8 * signature.length; bit += 5) {
			const other = signature.slice();
			other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
			expect(isSignatureOf(key, bytesOf(input), other, nodeCrypto)).toBe(false);
		}
		expect(isSignatureOf(key, bytesOf(`${input}A`), signature, nodeCrypto)).toBe(false);
		expect(isSignatureOf(key, bytesOf(input), signature.subarray(1), nodeCrypto)).toBe(false);
	});

	it("A.5, signed with nothing, is refused", () => {
		expect(refusalOf(`eyJhbGciOiJub25lIn0.${PAYLOAD}.`)).toContain("which key");
	});
});

describe("what others sign", () => {
	it.each([owner, laptop])("with jose and $algorithm is verified", async (key) => {
		const token = await new SignJWT({ command: { set: { pump: "ON" } } })
			.setProtectedHeader({ alg: key.algorithm, kid: key.id, typ: "JWT" })
			.setAudience("greenhouse")
			.setIssuedAt()
			.setExpirationTime("1m")
			.setJti("a")
			.sign(key.secret);
		const verified = verifyJws(new Compact(bytesOf(token)), verifier);
		expect(verified.key.id).toBe(key.id);
		expect(JSON.parse(Buffer.from(verified.payload).toString())).toMatchObject({ aud: "greenhouse", jti: "a" });
	});

	it("is verified whatever the payload", async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (payload) => {
				const header = { alg: "HS256", kid: "owner" };
				const token = await new CompactSign(payload).setProtectedHeader(header).sign(owner.secret);
				expect([...verifyJws(new Compact(bytesOf(token)), verifier).payload]).toEqual([...payload]);
			}),
			{ numRuns: 50 },
		);
	});

	it("with our own tool is verified", () => {
		for (const key of [owner, laptop]) verifyJws(new Compact(bytesOf(signJws(key, { a: 1 }))), verifier);
	});
});

describe("a header", () => {
	it("with alg and kid is enough, typ may say JWT", () => {
		expect(refusalOf(withHeader({ alg: "HS256", kid: "owner" }))).toBe("nothing");
		expect(refusalOf(withHeader({ alg: "HS256", kid: "owner", typ: "JWT" }))).toBe("nothing");
	});

	it.each([
		[{ alg: "none", kid: "owner" }, "alg HS256"],
		[{ alg: "hs256", kid: "owner" }, "alg HS256"],
		[{ alg: "HS384", kid: "owner" }, "alg HS256"],
		[{ alg: "ES256", kid: "owner" }, "alg HS256"],
		[{ alg: ["HS256"], kid: "owner" }, "alg HS256"],
		[{ kid: "owner", typ: "JWT" }, "must have alg"],
		[{ kid: "owner" }, "nothing else"],
		[{ alg: "HS256" }, "which key"],
		[{ alg: "HS256", kid: 7 }, "which key"],
		[{ alg: "HS256", kid: "stranger" }, "does not know the key"],
		[{ alg: "HS256", kid: "__proto__" }, "does not know the key"],
		[{ alg: "HS256", kid: "owner", crit: ["exp"] }, "nothing else"],
		[{ alg: "HS256", kid: "owner", b64: false }, "nothing else"],
		[{ alg: "HS256", kid: "owner", jwk: { kty: "oct", k: "AA" } }, "nothing else"],
		[{ alg: "HS256", kid: "owner", x5u: "https://evil.example" }, "nothing else"],
		[{ alg: "HS256", kid: "owner", typ: "farpin-release" }, "something else"],
		['{"alg":"HS256","alg":"none","kid":"owner"}', "twice"],
		["[]", "not an object"],
		["HS256", "JSON"],
	])("%j is refused though its MAC is right", (header, why) => {
		expect(refusalOf(withHeader(header))).toContain(why);
	});

	it("cannot make a public key the secret of a MAC", () => {
		const publicBytes = Buffer.from(laptop.line.split(":")[2] as string, "base64url");
		expect(refusalOf(withHeader({ alg: "HS256", kid: "laptop" }, publicBytes))).toContain("alg ES256");
	});
});

describe("a token", () => {
	const good = withHeader({ alg: "HS256", kid: "owner" });
	const [header, payload, signature] = good.split(".") as [string, string, string];

	it.each([
		["cut short", `${header}.${payload}`, "three parts"],
		["nothing", "", "three parts"],
		["without a signature", `${header}.${payload}.`, "not made with"],
		["with a part more", `${good}.AA`, "three parts"],
		["in JSON form", JSON.stringify({ protected: header, payload, signature }), "three parts"],
		["with padding", `${good}=`, "not Base64url"],
		["in plain Base64", good.replace(/\.(.)/, ".+"), "not Base64url"],
		["with white space", `${good}\n`, "not Base64url"],
		["with another payload", `${header}.${encoded({ a: 2 })}.${signature}`, "not made with"],
		["signed by another key", withHeader({ alg: "HS256", kid: "owner" }, Buffer.alloc(32)), "not made with"],
		["of too many bytes", `${header}.${"A".repeat(4_000)}.${signature}`, "longer than"],
	])("%s is refused", (_name, token, why) => {
		expect(refusalOf(token)).toContain(why);
	});

	it("of which the last letter has other unused bits is refused", () => {
		const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
		const last = letters.indexOf(good.at(-1) as string);
		expect(last % 4).toBe(0); // 32 bytes leave two bits over
		for (const more of [1, 2, 3]) expect(refusalOf(good.slice(0, -1) + letters[last + more])).toContain("Base64url");
	});

	it("of ES256 with r or s of 0 or of the order is refused before any engine sees it", () => {
		const zero = Buffer.alloc(32);
		const order = Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");
		const one = Buffer.alloc(32, 1);
		const input = `${encoded({ alg: "ES256", kid: "laptop" })}.${payload}`;
		const seen = { ...verifier, crypto: { ...nodeCrypto, verifyEcdsa: () => true } };
		for (const [r, s] of [
			[zero, one],
			[one, zero],
			[order, one],
			[one, order],
		] as const) {
			const token = bytesOf(`${input}.${Buffer.concat([r, s]).toString("base64url")}`);
			expect(() => verifyJws(new Compact(token), seen)).toThrow("not made with");
		}
		expect(
			verifyJws(new Compact(bytesOf(`${input}.${Buffer.concat([one, one]).toString("base64url")}`)), seen).key.id,
		).toBe("laptop");
	});

	it("of any bytes is refused with a reason, and never verified", () => {
		const anyBytes = fc.uint8Array({ maxLength: 200 });
		const mutated = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
			const bytes = bytesOf(good);
			bytes[at] = (bytes[at] as number) ^ by;
			return bytes;
		});
		fc.assert(
			fc.property(fc.oneof(anyBytes, mutated), (token) => {
				expect(refusalOf(token)).not.toBe("nothing");
			}),
			{ numRuns: 3_000 },
		);
	});

	it("is known by its first letters", () => {
		expect(looksSigned(bytesOf(good))).toBe(true);
		for (const other of ["", "ON", "ey", '{"set":{}}', "21.5"]) expect(looksSigned(bytesOf(other))).toBe(false);
	});
});
