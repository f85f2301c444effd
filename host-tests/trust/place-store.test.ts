import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Place } from "../../firmware/trust/place.js";
import {
	packPlace,
	readPlaceAt,
	readState,
	type Slot,
	writePlace,
	writeState,
} from "../../firmware/trust/place-store.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { pcText } from "../../scripts/board/text.js";
import { PowerCut, VirtualStore } from "../virtual/store.js";

let store: VirtualStore;
const write = (slot: Slot, place: Place, origin?: string) => writePlace(board(), slot, packPlace(place), origin);
const board = () => ({ store, crypto: nodeCrypto, text: pcText });
beforeEach(() => {
	store = new VirtualStore(pcText);
});

const LONG = ["home", "ä€😀", null, null, null, null, null, "x".repeat(3_000)];

describe("a place in flash", () => {
	it("is read as it was written, whatever is in it", () => {
		fc.assert(
			fc.property(
				fc.array(fc.option(fc.string({ unit: "grapheme", maxLength: 100 })), { minLength: 1, maxLength: 10 }),
				(place) => {
					write("a", place);
					expect(readPlaceAt(board(), "a", undefined)).toEqual(place);
				},
			),
		);
	});

	it("of several pieces is the new one or none after a power cut at any of them, and the other slot is as it was", () => {
		for (const when of ["before", "after"] as const) {
			for (let cut = 0; cut < 6; cut++) {
				store = new VirtualStore(pcText);
				write("a", ["old"]);
				write("b", ["older", "y".repeat(3_000)]);
				store.cutPowerAt(cut, when);
				try {
					write("b", LONG);
				} catch (error) {
					expect(error).toBeInstanceOf(PowerCut);
				}
				store.reset();
				expect(readPlaceAt(board(), "a", undefined)).toEqual(["old"]);
				const found = readPlaceAt(board(), "b", undefined);
				expect([undefined, JSON.stringify(LONG), JSON.stringify(["older", "y".repeat(3_000)])]).toContain(
					found === undefined ? undefined : JSON.stringify(found),
				);
			}
		}
	});

	it("of which the last was longer leaves nothing of that behind", () => {
		write("a", LONG);
		write("a", ["short"]);
		expect([store.keys(), readPlaceAt(board(), "a", undefined)]).toEqual([["net-a0", "net-a"], ["short"]]);
	});

	it.each([
		[undefined, "usb 1"],
		["usb 1", undefined],
		["usb 1", "usb 2"],
		["", undefined],
	])(
		"that was made over settings with the mark %j is none over those with %j, and is there again with them",
		(made, now) => {
			write("a", ["new"], made);
			expect(readPlaceAt(board(), "a", now)).toBeUndefined();
			expect(readPlaceAt(board(), "a", made)).toEqual(["new"]);
		},
	);

	it("that is too long is refused", () => {
		expect(() => write("a", ["x".repeat(9_000)])).toThrow("too long");
	});

	it("that was never written, or is damaged, is none", () => {
		expect(readPlaceAt(board(), "a", undefined)).toBeUndefined();
		write("a", LONG);
		store.set("net-a1", "AAAA");
		expect(readPlaceAt(board(), "a", undefined)).toBeUndefined();
		store.set("net-a", "rubbish");
		expect(readPlaceAt(board(), "a", undefined)).toBeUndefined();
	});
});

describe("the state in flash", () => {
	it("is the built settings at first, and with rubbish", () => {
		const first = { mode: "use", slot: undefined, left: 0, before: undefined, news: "" };
		expect(readState(board())).toEqual(first);
		store.set("net", "rubbish");
		expect(readState(board())).toEqual(first);
	});

	it.each([
		{ mode: "use", slot: "a", left: 0, before: undefined, news: "" },
		{ mode: "try", slot: "b", left: 2, before: "a", news: "" },
		{ mode: "use", slot: undefined, left: 0, before: undefined, news: "MQTT refused: a wrong password" },
	] as const)("%j is read as it was written, by one write", (state) => {
		writeState(board(), state);
		expect([readState(board()), store.writes]).toEqual([state, 1]);
	});
});
