import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Crypto } from "../../firmware/ports/crypto.js";
import { curveFacts } from "../../firmware/security/curves.js";
import { isEs256 } from "../../firmware/security/es256.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { releaseKey } from "../../scripts/release/keys.js";

const MESSAGE = Buffer.from("measure twice, cut once");
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const POINT = new Uint8Array(Buffer.from(releaseKey(publicKey).point, "hex"));
const SIGNATURE = new Uint8Array(sign("sha256", MESSAGE, { key: privateKey, dsaEncoding: "ieee-p1363" }));
/** An engine that must not be asked: some never answer for numbers that are none. */
const NEVER = { verifyEcdsa: () => expect.unreachable() } as unknown as Crypto;

function changed(bytes: Uint8Array, at: number, to: Uint8Array | number[]): Uint8Array {
	const copy = bytes.slice();
	copy.set(to, at);
	return copy;
}

describe("ES256", () => {
	it("takes a signature, and none of it with one bit changed", () => {
		expect(isEs256(POINT, MESSAGE, SIGNATURE, nodeCrypto)).toBe(true);
		for (let at = 0; at < SIGNATURE.length; at++) {
			const wrong = changed(SIGNATURE, at, [(SIGNATURE[at] as number) ^ 1]);
			expect(isEs256(POINT, MESSAGE, wrong, nodeCrypto)).toBe(false);
		}
		expect(isEs256(POINT, Buffer.from("measure twice, cut twice"), SIGNATURE, nodeCrypto)).toBe(false);
	});

	it("refuses what is no signature or no key before the engine sees it", () => {
		const order = Buffer.from(curveFacts("P-256").order.toString(16), "hex");
		for (const at of [0, 32]) {
			expect(isEs256(POINT, MESSAGE, changed(SIGNATURE, at, new Uint8Array(32)), NEVER)).toBe(false);
			expect(isEs256(POINT, MESSAGE, changed(SIGNATURE, at, order), NEVER)).toBe(false);
			expect(isEs256(POINT, MESSAGE, changed(SIGNATURE, at, new Uint8Array(32).fill(255)), NEVER)).toBe(false);
		}
		expect(isEs256(POINT, MESSAGE, SIGNATURE.subarray(1), NEVER)).toBe(false);
		expect(isEs256(changed(POINT, 1, [(POINT[1] as number) ^ 1]), MESSAGE, SIGNATURE, NEVER)).toBe(false);
		expect(isEs256(new Uint8Array(0), MESSAGE, SIGNATURE, NEVER)).toBe(false);
	});
});
