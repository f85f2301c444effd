import { describe, expect, it } from "vitest";
import { connackKind, connackWords, endKind, reasonWords } from "../../firmware/mqtt/reasons.js";
import { isReasonCode } from "../../firmware/mqtt/validate.js";

describe("reason codes in plain words", () => {
	it("has words for every code from 0x80 to 0xA2, no two the same", () => {
		const words = Array.from({ length: 0xa3 - 0x80 }, (_, index) => reasonWords(0x80 + index));
		expect(new Set(words).size).toBe(words.length);
		expect(words.filter((text) => text.startsWith("reason code"))).toEqual([]);
		expect(reasonWords(0xff)).toBe("reason code 255");
	});

	it("has the right words at the places that matter", () => {
		expect(reasonWords(0x81)).toBe("it could not read what we sent");
		expect(reasonWords(0x87)).toBe("the user name or client id has no permission");
		expect(reasonWords(0x8e)).toBe("another client connected with the same client id");
		expect(reasonWords(0x95)).toBe("the packet is larger than it takes");
		expect(reasonWords(0x9d)).toBe("the server has moved");
		expect(reasonWords(0xa2)).toBe("it knows no wildcard subscriptions");
		expect(connackWords(1, 4)).toBe("it does not speak this version of MQTT");
		expect(connackWords(5, 4)).toBe("user name, password or client id is wrong, or has no permission");
	});

	it("tells what only the owner can help with", () => {
		expect([1, 2, 3, 4, 5].map((code) => connackKind(code, 4))).toEqual([
			"version",
			"credentials",
			"server",
			"credentials",
			"credentials",
		]);
		const refusals = Array.from({ length: 128 }, (_, index) => 0x80 + index).filter((code) => isReasonCode(2, code));
		const ofKind = (kind: string) => refusals.filter((code) => connackKind(code, 5) === kind);
		expect(ofKind("version")).toEqual([0x84]);
		expect(ofKind("credentials")).toEqual([0x85, 0x86, 0x87, 0x8a, 0x8c]);
		expect(ofKind("moved")).toEqual([0x9c, 0x9d]);
		expect([0x8b, 0x8e, 0x9c, 0x9d].map(endKind)).toEqual(["server", "taken", "moved", "moved"]);
	});
});
