import { describe, expect, it } from "vitest";
import type { PlaceSettings } from "../../firmware/model/credentials.js";
import { identityOf, overlay, type Place, settingsAt, wifiOf } from "../../firmware/trust/place.js";
import { pcText } from "../../scripts/board/text.js";

/** A place of these fields, by their number. */
function place(fields: Readonly<Record<number, string>>): Place {
	return Array.from({ length: 12 }, (_, at) => fields[at] ?? null);
}

const encoded = (...bytes: number[]) => Buffer.from(bytes).toString("base64url");
const WIFI = { 0: "a" };
const BROKER = { 2: "new.test", 3: "443", 4: "n", 6: "/mqtt", 7: "mqtt" };
const IDENTITY = { 8: `${encoded(1)}.${encoded(2)}`, 9: encoded(3) };
const PINS = { 10: `${encoded(4)}.${encoded(5)}` };
const ROOTS = { 11: encoded(6) };

const old = { certificates: [Uint8Array.of(11)], key: Uint8Array.of(12) };
const tls = { roots: [Uint8Array.of(9)], pins: [Uint8Array.of(7), Uint8Array.of(8)], identity: old, protocol: "old" };
const built: PlaceSettings & { readonly id: string } = {
	id: "greenhouse",
	broker: { host: "old.test", port: 8_883, username: "u", password: "p", tls },
	otherBrokers: [{ host: "spare.test", port: 1_883 }],
};
const at = (fields: Readonly<Record<number, string>>, from: PlaceSettings = built) =>
	settingsAt(place(fields), from, pcText);

describe("a place", () => {
	it("over another keeps what it does not say", () => {
		const whole = { ...WIFI, 1: "12345678", ...BROKER, ...IDENTITY, ...PINS, ...ROOTS };
		expect(overlay(undefined, place(whole))).toEqual(place(whole));
		expect(overlay(place(whole), place({ 0: "b" }))).toEqual(place({ ...whole, 0: "b", 1: undefined as never }));
		expect(overlay(place(whole), place({ 2: "h", 3: "1" }))).toEqual(
			place({ ...WIFI, 1: "12345678", 2: "h", 3: "1", ...IDENTITY, ...PINS, ...ROOTS }),
		);
		const other = { 8: encoded(7), 9: encoded(8) };
		expect(overlay(place(whole), place(other))).toEqual(place({ ...whole, ...other }));
		expect(overlay(place(WIFI), place(whole))).toEqual(place(whole));
	});

	it("keeps its pins until others come, or other roots", () => {
		const before = place({ ...PINS, ...ROOTS });
		const others = { 10: `${encoded(1)}.${encoded(2)}` };
		expect(overlay(before, place(BROKER))).toEqual(place({ ...BROKER, ...PINS, ...ROOTS }));
		expect(overlay(before, place(others))).toEqual(place({ ...others, ...ROOTS }));
		expect(overlay(before, place({ 11: encoded(1) }))).toEqual(place({ 11: encoded(1) }));
		expect(overlay(before, place({ ...others, 11: encoded(1) }))).toEqual(place({ ...others, 11: encoded(1) }));
	});

	it("tells of its Wi-Fi, and of a certificate", () => {
		expect(wifiOf(place(WIFI))).toEqual({ ssid: "a", password: undefined });
		expect(wifiOf(place(ROOTS))).toBeUndefined();
		expect(identityOf(place(IDENTITY), pcText)?.certificates).toHaveLength(2);
		expect(identityOf(place(BROKER), pcText)).toBeUndefined();
	});
});

describe("settings at a place", () => {
	it("of Wi-Fi only are those it was built with", () => {
		expect(at(WIFI)).toBe(built);
	});

	it("have its broker, with the roots, pins and certificate of before, and no other to go to", () => {
		expect(at(BROKER)).toEqual({
			id: "greenhouse",
			broker: {
				host: "new.test",
				port: 443,
				username: "n",
				password: undefined,
				webSocketPath: "/mqtt",
				tls: { ...tls, protocol: "mqtt" },
			},
			otherBrokers: undefined,
		});
	});

	it("have its roots, also where there was no TLS before, and then none of the old pins", () => {
		const roots = [Uint8Array.of(6)];
		expect(at(ROOTS).broker).toEqual({ ...built.broker, tls: { ...tls, roots, pins: undefined } });
		const pins = [Uint8Array.of(4), Uint8Array.of(5)];
		expect(at({ ...ROOTS, ...PINS }).broker.tls).toEqual({ ...tls, roots, pins });
		expect(at(PINS).broker.tls).toEqual({ ...tls, pins });
		const plain: PlaceSettings = { broker: { host: "old.test", port: 1_883 } };
		expect(at(ROOTS, plain).broker.tls).toEqual({ roots });
	});

	it("have its certificate, where there is TLS to show it in", () => {
		const identity = { certificates: [Uint8Array.of(1), Uint8Array.of(2)], key: Uint8Array.of(3) };
		expect(at(IDENTITY).broker).toEqual({ ...built.broker, tls: { ...tls, identity } });
		const plain: PlaceSettings = { broker: { host: "old.test", port: 1_883 } };
		expect(at(IDENTITY, plain).broker.tls).toBeUndefined();
	});

	it("are the same, whether two places are put together first or one after the other", () => {
		const places = [WIFI, BROKER, IDENTITY, PINS, ROOTS, { ...ROOTS, ...PINS }, { ...BROKER, ...IDENTITY }].map(place);
		for (const first of places) {
			for (const second of places) {
				const together = settingsAt(overlay(first, second), built, pcText);
				expect(settingsAt(second, settingsAt(first, built, pcText), pcText)).toEqual(together);
			}
		}
	});
});
