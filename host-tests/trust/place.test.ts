import { describe, expect, it } from "vitest";
import type { PlaceSettings } from "../../firmware/model/credentials.js";
import type { JsonValue } from "../../firmware/model/document.js";
import { overlay, type Place, readPlace, settingsAt, wifiOf } from "../../firmware/trust/place.js";
import { pcText } from "../../scripts/board/text.js";

const ROOT = Uint8Array.of(0x30, 1, 2, 3);
const ENCODED = Buffer.from(ROOT).toString("base64url");

/** As a document is read. */
function mapOf(value: unknown): JsonValue {
	if (Array.isArray(value)) return value.map(mapOf);
	if (typeof value !== "object" || value === null) return value as JsonValue;
	return new Map(Object.entries(value).map(([key, one]) => [key, mapOf(one)]));
}

const read = (value: unknown): Place => readPlace(mapOf(value), pcText);

const built: PlaceSettings & { readonly id: string } = {
	id: "greenhouse",
	broker: { host: "old.test", port: 8_883, username: "u", password: "p", tls: { roots: [Uint8Array.of(9)] } },
	otherBrokers: [{ host: "spare.test", port: 1_883 }],
};

describe("a place", () => {
	it("is Wi-Fi, broker and roots, or some of them", () => {
		const nothing = [null, null, null, null, null, null, null];
		expect(read({ wifi: { ssid: "a", password: "12345678" } })).toEqual(["a", "12345678", ...nothing.slice(2)]);
		expect(read({ broker: { host: "h", port: 1 } })).toEqual([null, null, "h", "1", null, null, null]);
		expect(read({ roots: [ENCODED] })).toEqual([...nothing, ENCODED]);
	});

	it.each([
		[{ wifi: { ssid: "x".repeat(33) } }, "longer than 32 bytes"],
		[{ wifi: { ssid: "ä".repeat(17) } }, "longer than 32 bytes"],
		[{ wifi: { ssid: "" } }, "wifi.ssid is missing"],
		[{ wifi: { password: "12345678" } }, "wifi.ssid is missing"],
		[{ wifi: "home" }, "must be an object"],
		[{ wifi: { ssid: 7 } }, "no text"],
		[{ broker: { host: "h", port: 0 } }, "1 to 65535"],
		[{ broker: { host: "h", port: 1.5 } }, "1 to 65535"],
		[{ broker: { host: "h", port: 1, path: "mqtt" } }, "begin with /"],
		[{ broker: { host: "h", port: 1, password: "x".repeat(300) } }, "too long"],
		[{ roots: [] }, "1 to 3"],
		[{ roots: [ENCODED, ENCODED, ENCODED, ENCODED] }, "1 to 3"],
		[{ roots: ["+"] }, "no certificate"],
		[{ roots: [7] }, "no certificate"],
		[{ roots: ENCODED }, "1 to 3"],
	])("is not %j", (asked, why) => {
		expect(() => read(asked)).toThrow(why);
	});

	it("over another keeps what it does not say", () => {
		const first = read({ wifi: { ssid: "a" }, roots: [ENCODED] });
		const second = read({ broker: { host: "h", port: 1 }, wifi: { ssid: "b", password: "12345678" } });
		expect(overlay(undefined, second)).toBe(second);
		expect(overlay(first, second)).toEqual(["b", "12345678", "h", "1", null, null, null, ENCODED]);
		expect(wifiOf(first)).toEqual({ ssid: "a", password: undefined });
		expect(wifiOf(read({ roots: [ENCODED] }))).toBeUndefined();
	});
});

describe("settings at a place", () => {
	it("of Wi-Fi only are those it was built with", () => {
		expect(settingsAt(read({ wifi: { ssid: "a" } }), built, pcText)).toBe(built);
	});

	it("have its broker, with the roots of before, and no other to go to", () => {
		const settings = settingsAt(
			read({ broker: { host: "new.test", port: 443, user: "n", path: "/mqtt" } }),
			built,
			pcText,
		);
		expect(settings).toEqual({
			id: "greenhouse",
			broker: {
				host: "new.test",
				port: 443,
				username: "n",
				password: undefined,
				webSocketPath: "/mqtt",
				tls: { roots: [Uint8Array.of(9)] },
			},
			otherBrokers: undefined,
		});
	});

	it("have its roots, also where there was no TLS before", () => {
		expect(settingsAt(read({ roots: [ENCODED] }), built, pcText).broker).toEqual({
			...built.broker,
			tls: { roots: [ROOT] },
		});
		const plain: PlaceSettings = { broker: { host: "old.test", port: 1_883 } };
		expect(settingsAt(read({ roots: [ENCODED] }), plain, pcText).broker.tls).toEqual({ roots: [ROOT] });
	});
});
