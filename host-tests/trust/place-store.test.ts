import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { readPlaceAt, readState, writePlace, writeState } from "../../firmware/trust/place-store.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { pcText } from "../../scripts/board/text.js";
import { PowerCut, VirtualStore } from "../virtual/store.js";

let store: VirtualStore;
const board = () => ({ store, crypto: nodeCrypto, text: pcText });
beforeEach(() => {
	store = new VirtualStore(pcText);
});

const LONG = ["home", "ä€😀", null, null, null, null, null, "x".repeat(3_000)];

describe("a place in flash", () => {
	it("is read as it was written, whatever is in it", () => {
		fc.assert(
			fc.property(fc.array(fc.option(fc.string({ maxLength: 200 })), { maxLength: 10 }), (place) => {
				writePlace(board(), "a", place);
				expect(readPlaceAt(board(), "a")).toEqual(place);
			}),
		);
	});

	it("of several pieces is the new one or none after a power cut at any of them, and the other slot is as it was", () => {
		for (const when of ["before", "after"] as const) {
			for (let write = 0; write < 6; write++) {
				store = new VirtualStore(pcText);
				writePlace(board(), "a", ["old"]);
				writePlace(board(), "b", ["older", "y".repeat(3_000)]);
				store.cutPowerAt(write, when);
				try {
					writePlace(board(), "b", LONG);
				} catch (error) {
					expect(error).toBeInstanceOf(PowerCut);
				}
				store.reset();
				expect(readPlaceAt(board(), "a")).toEqual(["old"]);
				const found = readPlaceAt(board(), "b");
				expect([undefined, JSON.stringify(LONG), JSON.stringify(["older", "y".repeat(3_000)])]).toContain(
					found === undefined ? undefined : JSON.stringify(found),
				);
			}
		}
	});

	it("that is too long is refused", () => {
		expect(() => writePlace(board(), "a", ["x".repeat(9_000)])).toThrow("too long");
	});

	it("that was never written, or is damaged, is none", () => {
		expect(readPlaceAt(board(), "a")).toBeUndefined();
		writePlace(board(), "a", LONG);
		store.set("net-a1", "AAAA");
		expect(readPlaceAt(board(), "a")).toBeUndefined();
		store.set("net-a", "rubbish");
		expect(readPlaceAt(board(), "a")).toBeUndefined();
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
