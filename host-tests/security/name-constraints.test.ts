import { describe, expect, it } from "vitest";
import { DerReader, SEQUENCE } from "../../firmware/security/der.js";
import { isAllowed } from "../../firmware/security/name-constraints.js";
import { Refused } from "../../firmware/security/refused.js";

/** Each is a host name, or bytes in hexadecimal after `ip:`. */
type Names = readonly string[];

function element(tag: number, content: readonly number[]): number[] {
	const { length } = content;
	return [tag, ...(length < 128 ? [length] : [0x82, length >> 8, length & 255]), ...content];
}

function name(text: string): number[] {
	return text.startsWith("ip:")
		? element(0x87, [...Buffer.from(text.slice(3), "hex")])
		: element(0x82, [...Buffer.from(text)]);
}

function listOf(content: readonly number[]): DerReader {
	return new DerReader(Uint8Array.from(element(SEQUENCE, content))).enter(SEQUENCE);
}

function subtrees(tag: number, names: Names | undefined): number[] {
	return names === undefined
		? []
		: element(
				tag,
				names.flatMap((one) => element(SEQUENCE, name(one))),
			);
}

function judge(names: Names, permitted?: Names, excluded?: Names): boolean {
	return isAllowed(listOf([...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)]), listOf(names.flatMap(name)));
}

describe("what an authority may issue certificates for", () => {
	it("is below what is permitted, where anything of that kind is", () => {
		expect(judge(["a.example", "b.a.example"], ["example"])).toBe(true);
		expect(judge(["a.example", "other"], ["example"])).toBe(false);
		expect(judge(["anexample"], ["example"])).toBe(false);
		expect(judge(["example"], [".example"])).toBe(false);
		expect(judge(["a.example"], ["ip:0a000000ff000000"])).toBe(true); // nothing is said of host names
		expect(judge(["ip:0a010203"], ["ip:0a000000ff000000"])).toBe(true);
		expect(judge(["ip:0b010203"], ["ip:0a000000ff000000"])).toBe(false);
	});

	it("is not below what is excluded", () => {
		expect(judge(["a.example"], undefined, ["example"])).toBe(false);
		expect(judge(["ip:0a010203"], undefined, ["ip:0a000000ff000000"])).toBe(false);
		expect(judge(["a.example"], ["example"], ["b.example"])).toBe(true);
	});

	it("is no name with a star that stands for one which is excluded", () => {
		expect(judge(["*.example.com"], undefined, ["bank.example.com"])).toBe(false);
		expect(judge(["*.EXAMPLE.com"], undefined, ["bank.example.COM"])).toBe(false);
		expect(judge(["*.example.com"], undefined, ["a.bank.example.com"])).toBe(true); // a star is one label
		expect(judge(["*.example.com"], undefined, ["bank.example.org"])).toBe(true);
		expect(judge(["*.example.com"], undefined, ["example.com"])).toBe(false);
	});

	it("is nothing where comparing would take for ever", () => {
		const names = Array<string>(70).fill("a.example");
		expect(judge(names, undefined, Array<string>(50).fill("other"))).toBe(true);
		expect(() => judge(names, undefined, Array<string>(60).fill("other"))).toThrow(Refused);
	});
});
