import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeRequest, type NtpReply, readReply } from "../../firmware/net/ntp-packet.js";
import { exchange, putTimestamp } from "./ntp-exchange.js";

function read(reply: Uint8Array, request: Uint8Array, count = reply.length): NtpReply {
	const into: NtpReply = { kind: "none", epochMs: -1, workMs: -1 };
	readReply(reply, count, request, into);
	return into;
}

describe("a request", () => {
	it("tells nothing but the version, the mode and a random number (RFC 5905 §7.3)", () => {
		const bytes = new Uint8Array(48).fill(0xab);
		makeRequest(bytes);
		expect([...bytes]).toEqual([0x23, ...new Array(39).fill(0), ...new Array(8).fill(0xab)]);
	});
});

describe("reading a reply", () => {
	it("takes an honest one, to the millisecond", () => {
		const { request, reply } = exchange();
		expect(read(reply, request)).toEqual({ kind: "time", epochMs: 1_790_000_000_250, workMs: 0 });
	});

	it("tells how long the server had it", () => {
		const { request, reply, view } = exchange();
		putTimestamp(view, 32, 1_790_000_000_050);
		expect(read(reply, request).workMs).toBe(200);
	});

	it("goes on after the seconds of NTP have overflown in February 2036", () => {
		const last = Date.UTC(2036, 1, 7, 6, 28, 15, 500);
		for (const epochMs of [last, last + 1_000, Date.UTC(2040, 0, 1), Date.UTC(2100, 0, 1)]) {
			const { request, reply, view } = exchange(epochMs);
			putTimestamp(view, 32, epochMs);
			expect(read(reply, request).epochMs).toBe(epochMs);
		}
	});

	it.each<[string, (reply: Uint8Array, view: DataView) => unknown]>([
		["a request (mode 3)", (reply) => reply.fill(0x23, 0, 1)],
		["a broadcast (mode 5)", (reply) => reply.fill(0x25, 0, 1)],
		["version 2", (reply) => reply.fill(0x14, 0, 1)],
		["version 5", (reply) => reply.fill(0x2c, 0, 1)],
		["a server that says it is not synchronised (leap 3)", (reply) => reply.fill(0xe4, 0, 1)],
		["stratum 16", (reply) => reply.fill(16, 1, 2)],
		["stratum 255", (reply) => reply.fill(255, 1, 2)],
		["a root delay of two seconds", (_, view) => view.setUint32(4, 2 * 65_536)],
		["a root delay below zero", (_, view) => view.setInt32(4, -1)],
		["a root dispersion of a second", (_, view) => view.setUint32(8, 65_536)],
		["one that answers another request, by its first byte", (reply) => reply.fill(99, 24, 25)],
		["one that answers another request, by its last byte", (reply) => reply.fill(99, 31, 32)],
		["no time of sending", (reply) => reply.fill(0, 40)],
		["no time of receiving", (reply) => reply.fill(0, 32, 40)],
		["one sent before it was received", (_, view) => putTimestamp(view, 32, 1_790_000_000_251)],
		["one that took the server two seconds", (_, view) => putTimestamp(view, 32, 1_789_999_998_250)],
		["one from a clock that was set in the future", (_, view) => putTimestamp(view, 16, 1_790_000_001_000)],
		["a kiss of a kind that asks for nothing", (reply) => reply.fill(0, 1, 2)],
	])("refuses %s", (_, spoil) => {
		const { request, reply, view } = exchange();
		spoil(reply, view);
		expect(read(reply, request).kind).toBe("none");
	});

	it("reads no more than what arrived", () => {
		const { request, reply } = exchange();
		for (let count = 0; count < 48; count++) expect(read(reply, request, count).kind).toBe("none");
	});

	it.each([
		["DENY", "deny"],
		["RSTR", "deny"],
		["RATE", "rate"],
		["INIT", "none"],
		["XXXX", "none"],
	])("understands the kiss %s, of whom was asked only (RFC 5905 §7.4)", (code, kind) => {
		const { request, reply } = exchange();
		reply[1] = 0;
		for (let i = 0; i < 4; i++) reply[12 + i] = code.charCodeAt(i);
		expect(read(reply, request).kind).toBe(kind);
		reply[24] = 77;
		expect(read(reply, request).kind).toBe("none");
	});

	it("survives whatever anybody sends, and takes nothing without the random number (seeded)", () => {
		const { request } = exchange();
		const bytes = fc.uint8Array({ minLength: 0, maxLength: 80 });
		fc.assert(
			fc.property(bytes, fc.nat(100), (reply, count) => {
				const { kind } = read(reply, request, Math.min(count, reply.length));
				expect(kind).toBe("none"); // a random number of 64 bits is not guessed
			}),
			{ seed: 3, numRuns: Number(process.env.FUZZ_ROUNDS ?? 5_000) },
		);
	});

	it("takes of an honest reply with bytes changed nothing that breaks a rule (seeded)", () => {
		const at = fc.integer({ min: 0, max: 47 });
		const changes = fc.array(fc.tuple(at, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 });
		let taken = 0;
		fc.assert(
			fc.property(changes, (list) => {
				const { request, reply, view } = exchange();
				for (const [index, value] of list) reply[index] = value;
				const { kind, epochMs, workMs } = read(reply, request);
				if (kind !== "time") return;
				taken++;
				expect((reply[0] as number) & 7).toBe(4);
				expect((reply[0] as number) >> 6).not.toBe(3);
				expect(reply[1]).toBeGreaterThan(0);
				expect(reply[1]).toBeLessThan(16);
				expect([...reply.subarray(24, 32)]).toEqual([...request.subarray(40)]);
				expect(view.getUint32(4) / 2 + view.getUint32(8)).toBeLessThan(65_536);
				expect(workMs).toBeGreaterThanOrEqual(0);
				expect(workMs).toBeLessThanOrEqual(1_000);
				expect(Number.isSafeInteger(epochMs)).toBe(true);
			}),
			{ seed: 4, numRuns: 20_000 },
		);
		expect(taken).toBeGreaterThan(100); // some changes do not matter; else this would prove nothing
	});
});
