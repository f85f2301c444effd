import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { signatureNonce } from "../../firmware/security/nonce.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";

// RFC 6979 appendix A.2.5: P-256, SHA-256.
const KEY = Buffer.from("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", "hex");

it.each([
	["sample", "A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60"],
	["test", "D16B6AE827F17175E040871A1C7EC3500192C4C92677336EC2537ACAEE0008E0"],
])("is the one of RFC 6979 for %s", (message, nonce) => {
	const digest = createHash("sha256").update(message).digest();
	expect(Buffer.from(signatureNonce(KEY, digest, nodeCrypto)).toString("hex")).toBe(nonce.toLowerCase());
});

it("takes digests above the order of the curve as what is left of them", () => {
	const high = new Uint8Array(32).fill(0xff); // 2^256 - 1
	const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
	const low = Buffer.from((2n ** 256n - 1n - order).toString(16).padStart(64, "0"), "hex");
	expect(signatureNonce(KEY, high, nodeCrypto)).toEqual(signatureNonce(KEY, low, nodeCrypto));
});

it("tries on while the number is none of the curve's", () => {
	let calls = 0;
	const unlucky = {
		...nodeCrypto,
		// The number itself comes of the fifth call: out of range the first time.
		hmac: (key: Uint8Array, message: Uint8Array) =>
			++calls === 5 ? new Uint8Array(32) : nodeCrypto.hmac(key, message),
	};
	const digest = createHash("sha256").update("sample").digest();
	const nonce = signatureNonce(KEY, digest, unlucky);
	expect(calls).toBe(8);
	expect(nonce.some((byte) => byte !== 0)).toBe(true);
});
