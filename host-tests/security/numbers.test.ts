import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitLength, padded, powerModulo, toBigInt } from "../../firmware/security/numbers.js";

describe("big numbers", () => {
	it("are read from bytes, the most significant first", () => {
		expect(toBigInt(Uint8Array.of(1, 0, 255))).toBe(0x100ffn);
		expect(toBigInt(new Uint8Array())).toBe(0n);
	});

	it("have as many bits as they are written with", () => {
		fc.assert(
			fc.property(fc.bigInt({ min: 1n, max: 2n ** 300n }), (number) => {
				const text = number.toString(16);
				const bytes = Uint8Array.from(Buffer.from(text.length % 2 === 0 ? text : `0${text}`, "hex"));
				expect(bitLength(bytes)).toBe(number.toString(2).length);
			}),
		);
		expect(bitLength(new Uint8Array())).toBe(0);
	});

	it("are raised to a power as multiplication does it", () => {
		fc.assert(
			fc.property(
				fc.bigInt(0n, 1000n),
				fc.integer({ min: 0, max: 40 }),
				fc.bigInt(2n, 10_000n),
				(base, power, modulus) => {
					let expected = 1n;
					for (let i = 0; i < power; i++) expected = (expected * base) % modulus;
					expect(powerModulo(base, BigInt(power), modulus)).toBe(expected);
				},
			),
		);
	});

	it("are made longer, never shorter", () => {
		expect(padded(Uint8Array.of(1, 2), 4)).toEqual(Uint8Array.of(0, 0, 1, 2));
		expect(padded(Uint8Array.of(1, 2), 1)).toBeUndefined();
	});
});
