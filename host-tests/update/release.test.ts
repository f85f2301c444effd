import { createSign, generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MANIFEST_LENGTH_MAX, readRelease } from "../../firmware/update/release.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { pcText } from "../../scripts/board/text.js";
import { releaseKey, type SigningKey } from "../../scripts/release/keys.js";
import { signRelease } from "../../scripts/release/sign.js";

function makeKey(): SigningKey {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	return { privateKey, publicKey: releaseKey(publicKey) };
}

const KEY = makeKey();
const OTHER = makeKey();
const IMAGE = Buffer.from("all that there is to run");
const FACTS = { device: "Grünhaus", target: "esp32", version: "1.4.0", issued: 1_800_000_000 };
const GOOD = signRelease(IMAGE, FACTS, KEY);

function read(manifest: string, keys = [KEY.publicKey]) {
	return readRelease(manifest, keys, { text: pcText, crypto: nodeCrypto });
}

function encode(value: unknown): string {
	return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

function membersOf(manifest: string): Record<string, unknown> {
	return JSON.parse(Buffer.from(manifest.split(".")[1] as string, "base64url").toString());
}

const HEADER = { alg: "ES256", typ: "farpin-release", kid: KEY.publicKey.id };

/** A manifest of anything, signed as it should be. */
function signed(payload: unknown, header: unknown = HEADER, { privateKey } = KEY): string {
	const text = `${encode(header)}.${encode(payload)}`;
	const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
	return `${text}.${signature.toString("base64url")}`;
}

describe("a signed manifest", () => {
	it("tells all that is in it, whichever of the keys it is signed with", () => {
		const release = read(GOOD, [OTHER.publicKey, KEY.publicKey]);
		expect(release).toMatchObject({ ...FACTS, size: IMAGE.length, older: false });
		expect(Buffer.from(release.sha256)).toEqual(Buffer.from(nodeCrypto.hash("SHA256", IMAGE)));
		expect(read(signRelease(IMAGE, { ...FACTS, older: true }, KEY)).older).toBe(true);
	});

	it("is refused with any of its characters changed or missing", () => {
		for (let at = 0; at < GOOD.length; at++) {
			const other = GOOD[at] === "A" ? "B" : "A";
			expect(() => read(GOOD.slice(0, at) + other + GOOD.slice(at + 1)), `character ${at}`).toThrow();
			expect(() => read(GOOD.slice(0, at) + GOOD.slice(at + 1)), `character ${at}`).toThrow();
			expect(() => read(GOOD.slice(0, at)), `cut at ${at}`).toThrow();
		}
	});

	const der = () => {
		const text = GOOD.slice(0, GOOD.lastIndexOf("."));
		return `${text}.${createSign("sha256").update(text).sign(KEY.privateKey).toString("base64url")}`;
	};
	const payload = membersOf(GOOD);
	const without = (name: string) => Object.fromEntries(Object.entries(payload).filter(([key]) => key !== name));
	it.each([
		["nothing", "", /not a signed one/],
		["two parts", "a.b", /not a signed one/],
		["four parts", `${GOOD}.AAAA`, /not a signed one/],
		["padding", `${GOOD}==`, /not Base64url/],
		["more than there can be", "A".repeat(MANIFEST_LENGTH_MAX + 1), /longer than any/],
		["no signature", GOOD.slice(0, GOOD.lastIndexOf(".") + 1), /signature of the release is wrong/],
		["a signature in DER", der(), /signature of the release is wrong/],
		["no algorithm", signed(payload, { ...HEADER, alg: "none" }), /signed with ES256/],
		["a shared secret", signed(payload, { ...HEADER, alg: "HS256" }), /signed with ES256/],
		["the signature of a command", signed(payload, { alg: "ES256", kid: HEADER.kid }), /signed with ES256/],
		["a header with more in it", signed(payload, { ...HEADER, crit: ["b64"] }), /too many values/],
		["a header that is no object", signed(payload, ["ES256"]), /not a JSON object/],
		["an unknown key", signed(payload, { ...HEADER, kid: OTHER.publicKey.id }, OTHER), /does not know/],
		["another's signature under our name", signed(payload, HEADER, OTHER), /signature of the release is wrong/],
		["a list", signed([1]), /not a JSON object/],
		["no JSON", signed("release"), /JSON/],
		["a name twice", signed(`{"size":1,"size":2}`), /comes twice/],
		["something more", signed({ ...payload, url: "https://x" }), /members of a release/],
		["much more", signed({ ...payload, a: 1, b: 2 }), /too many values/],
		["no device", signed(without("device")), /members of a release/],
		["no device but something else", signed({ ...without("device"), devise: "a" }), /a text in the manifest/],
		["a long device", signed({ ...payload, device: "a".repeat(65) }), /a text in the manifest/],
		["a number for a target", signed({ ...payload, target: 32 }), /a text in the manifest/],
		["no version", signed({ ...payload, version: "latest" }), /latest is no version/],
		["no size", signed({ ...payload, size: 0 }), /a number in the manifest/],
		["half a byte", signed({ ...payload, size: 1.5 }), /a number in the manifest/],
		["more than any flash", signed({ ...payload, size: 2 ** 23 + 1 }), /a number in the manifest/],
		["size as text", signed({ ...payload, size: "12" }), /a number in the manifest/],
		["a short digest", signed({ ...payload, sha256: "ab".repeat(31) }), /digest/],
		["a digest in capitals", signed({ ...payload, sha256: "AB".repeat(32) }), /digest/],
		["a time before all", signed({ ...payload, issued: -1 }), /a number in the manifest/],
		["a permission that is none", signed({ ...payload, older: false }), /members of a release/],
		["a permission in words", signed({ ...payload, older: "yes" }), /members of a release/],
	])("refuses %s", (_, manifest, why) => {
		expect(() => read(manifest)).toThrow(why);
	});

	it("throws nothing but sentences, whatever comes", () => {
		const pieces = fc.oneof(
			fc.string({ maxLength: 40 }),
			fc.constantFrom(...GOOD.split("."), ".", "..", "AAAA", encode(HEADER), encode({}), encode({ a: [[[[[1]]]]] })),
			fc.uint8Array({ maxLength: 90 }).map((bytes) => Buffer.from(bytes).toString("base64url")),
		);
		const manifests = fc.array(pieces, { maxLength: 6 }).map((all) => all.join("."));
		fc.assert(
			fc.property(manifests, (manifest) => {
				try {
					read(manifest);
					return manifest === GOOD;
				} catch (error) {
					return error instanceof Error && !(error instanceof TypeError || error instanceof RangeError);
				}
			}),
			{ numRuns: 5_000 },
		);
	});
});
