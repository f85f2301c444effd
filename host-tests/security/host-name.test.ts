import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DerReader } from "../../firmware/security/der.js";
import { dnsBytes, ipv4Bytes, isNamed } from "../../firmware/security/host-name.js";

/** The content of a subjectAltName: `dns:name`, `ip:1.2.3.4`, or `mail:anything`. */
function names(...list: readonly string[]): DerReader {
	const bytes = list.flatMap((entry) => {
		const [kind, value = ""] = entry.split(/:(.*)/s);
		const content = kind === "ip" ? value.split(".").map(Number) : [...Buffer.from(value)];
		return [kind === "dns" ? 0x82 : kind === "ip" ? 0x87 : 0x81, content.length, ...content];
	});
	return new DerReader(Uint8Array.from(bytes));
}

describe("a certificate is for a host (RFC 6125 §6.4)", () => {
	it.each([
		["broker.test", "dns:broker.test"],
		["BROKER.test", "dns:broker.TEST"],
		["broker.test.", "dns:broker.test"],
		["broker.example.com", "dns:*.example.com"],
		["localhost", "dns:localhost"],
		["my_host.test", "dns:my_host.test"],
		["10.0.0.1", "ip:10.0.0.1"],
		["broker.test", "dns:other.test", "ip:10.0.0.1", "dns:broker.test"],
	])("%s: %s %s %s", (host, ...list) => {
		expect(isNamed(names(...list.filter((entry) => entry !== undefined)), host)).toBe(true);
	});

	it.each([
		["broker.test", "dns:broker.test.evil"],
		["broker.test", "dns:evilbroker.test"],
		["broker.test", "dns:broker.test\0.evil"],
		["broker.test", "mail:broker.test"],
		["example.com", "dns:*.example.com"],
		["a.b.example.com", "dns:*.example.com"],
		["broker.example.com", "dns:b*.example.com"],
		["broker.example.com", "dns:*roker.example.com"],
		["broker.example.com", "dns:broker.*.com"],
		["broker.example.com", "dns:*.*.com"],
		["broker.com", "dns:*.com"],
		["broker.test", "dns:*"],
		["broker.test", "dns:"],
		["", "dns:"],
		["10.0.0.1", "dns:10.0.0.1"],
		["10.0.0.1", "dns:*.0.0.1"],
		["10.0.0.1", "ip:10.0.0.2"],
		["broker.test", "ip:10.0.0.1"],
		["bröker.test", "dns:bröker.test"],
	])("%s is not: %s", (host, ...list) => {
		expect(isNamed(names(...list), host)).toBe(false);
	});

	it("without any names: never", () => {
		expect(isNamed(undefined, "broker.test")).toBe(false);
	});

	it("never by a label that a star does not stand for", () => {
		const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
		fc.assert(
			fc.property(
				fc.array(label, { minLength: 1, maxLength: 4 }),
				fc.array(label, { minLength: 2, maxLength: 4 }),
				(host, base) => {
					const expected = host.length === base.length + 1 && host.slice(1).join(".") === base.join(".");
					const isAddress = ipv4Bytes(host.join(".")) !== undefined;
					expect(isNamed(names(`dns:*.${base.join(".")}`), host.join("."))).toBe(expected && !isAddress);
				},
			),
		);
	});
});

describe("addresses and names", () => {
	it("of four numbers up to 255 are addresses", () => {
		expect(ipv4Bytes("10.0.255.1")).toEqual(Uint8Array.of(10, 0, 255, 1));
		for (const text of [
			"10.0.0",
			"10.0.0.256",
			"10.0.0.01",
			"10.0.0.1.2",
			"a.b.c.d",
			"10.0.0.",
			"1e1.0.0.1",
			"-1.0.0.0",
		])
			expect([text, ipv4Bytes(text)]).toEqual([text, undefined]);
	});

	it("have labels of 1 to 63 letters, and 253 in all", () => {
		expect(dnsBytes(`${"a".repeat(63)}.test`)).toBeDefined();
		expect(dnsBytes(`${"a".repeat(64)}.test`)).toBeUndefined();
		expect(dnsBytes(`${"a.".repeat(126)}a`)).toBeDefined();
		expect(dnsBytes(`${"a.".repeat(127)}a`)).toBeUndefined();
		for (const text of ["", ".", "a..b", ".a", "a b", "a/b"]) expect([text, dnsBytes(text)]).toEqual([text, undefined]);
	});
});
