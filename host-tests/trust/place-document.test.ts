import { webcrypto } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../firmware/model/document.js";
import type { Place } from "../../firmware/trust/place.js";
import { readPlace } from "../../firmware/trust/place-document.js";
import { pcText } from "../../scripts/board/text.js";
import { issue, root } from "../security/pki.js";

const ENCODED = Buffer.from([0x30, 1, 2, 3]).toString("base64url");
const [PIN, RESERVE] = [Buffer.alloc(32, 1).toString("base64url"), Buffer.alloc(32, 2).toString("base64url")];

/** As a document is read. */
function mapOf(value: unknown): JsonValue {
	if (Array.isArray(value)) return value.map(mapOf);
	if (typeof value !== "object" || value === null) return value as JsonValue;
	return new Map(Object.entries(value).map(([key, one]) => [key, mapOf(one)]));
}

const read = (value: unknown): Place => readPlace(mapOf(value), pcText);

/** A place of these fields, by their number. */
function place(fields: Readonly<Record<number, string>>): Place {
	return Array.from({ length: 12 }, (_, at) => fields[at] ?? null);
}

describe("new settings", () => {
	it("are Wi-Fi, broker, pins and roots, or some of them", () => {
		expect(read({ wifi: { ssid: "a", password: "12345678" } })).toEqual(place({ 0: "a", 1: "12345678" }));
		expect(read({ broker: { host: "h", port: 1, alpn: "mqtt" } })).toEqual(place({ 2: "h", 3: "1", 7: "mqtt" }));
		expect(read({ roots: [ENCODED, ENCODED] })).toEqual(place({ 11: `${ENCODED}.${ENCODED}` }));
		expect(read({ pins: [PIN, RESERVE] })).toEqual(place({ 10: `${PIN}.${RESERVE}` }));
	});

	it("are the device's certificate and its key", async () => {
		const own = await issue({ by: await root(), names: [] });
		const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", own.keys.privateKey)).toString("base64url");
		const certificate = [Buffer.from(own.der).toString("base64url")];
		expect(read({ certificate, key })).toEqual(place({ 8: certificate[0] as string, 9: key }));
	});

	it.each([
		[{}, "settings must have wifi"],
		[{ id: "x" }, "nothing else"],
		[{ wifi: { ssid: "x".repeat(33) } }, "longer than 32 bytes"],
		[{ wifi: { ssid: "ä".repeat(17) } }, "longer than 32 bytes"],
		[{ wifi: { ssid: "" } }, "wifi.ssid is missing"],
		[{ wifi: { password: "12345678" } }, "wifi.ssid is missing"],
		[{ wifi: "home" }, "must be an object"],
		[{ wifi: { ssid: 7 } }, "no text"],
		[{ broker: { host: "h", port: 0 } }, "1 to 65535"],
		[{ broker: { host: "h", port: 1.5 } }, "1 to 65535"],
		[{ broker: { host: "h", port: 1, path: "mqtt" } }, "begin with /"],
		[{ broker: { host: "h", port: 1, alpn: "" } }, "alpn is empty"],
		[{ broker: { host: "h", port: 1, password: "x".repeat(300) } }, "too long"],
		[{ certificate: [ENCODED] }, "go together"],
		[{ key: ENCODED }, "go together"],
		[{ certificate: [ENCODED], key: "+" }, "the device's key is none"],
		[{ certificate: ["+"], key: ENCODED }, "a certificate of the device is none"],
		[{ certificate: [], key: ENCODED }, "1 to 3"],
		[{ pins: [PIN] }, "only one pin"],
		[{ pins: [PIN, PIN] }, "only one pin"],
		[{ pins: [PIN, PIN.slice(1)] }, "a pin is not the SHA-256"],
		[{ pins: [PIN, RESERVE, PIN, PIN, PIN] }, "1 to 4"],
		[{ roots: [] }, "1 to 3"],
		[{ roots: [ENCODED, ENCODED, ENCODED, ENCODED] }, "1 to 3"],
		[{ roots: ["+"] }, "a root is no certificate"],
		[{ roots: [7] }, "1 to 3"],
		[{ roots: ENCODED }, "1 to 3"],
	])("are not %j", (asked, why) => {
		expect(() => read(asked)).toThrow(why);
	});
});
