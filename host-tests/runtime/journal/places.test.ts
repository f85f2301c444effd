import { beforeEach, describe, expect, it } from "vitest";
import { Places } from "../../../firmware/runtime/journal/places.js";

let places: Places;
beforeEach(() => {
	places = new Places(5);
	places.use(3, 0, 10, 4);
	places.use(1, 0, 12, 5);
	places.use(0, 1, 11, 6);
});

describe("the places of a journal", () => {
	it("are found by lane and age", () => {
		expect([places.next(0, 0), places.next(0, 10), places.next(0, 12)]).toEqual([3, 1, -1]);
		expect([places.newest(0), places.newest(1), places.newest(2)]).toEqual([1, 0, -1]);
		expect([places.used(0), places.used(1), places.free]).toEqual([2, 1, 2]);
	});

	it("keep what is known of each", () => {
		places.setItems(1, 9);
		expect([places.sequence(1), places.items(1), places.items(3)]).toEqual([12, 9, 4]);
		places.leave(1, true);
		expect([places.isFree(1), places.isClean(1), places.isClean(2), places.items(1)]).toEqual([true, true, false, 0]);
		places.use(1, 1, 13, 0);
		expect(places.isClean(1)).toBe(false);
	});

	it("are taken in a ring, so that all wear alike", () => {
		expect([places.freeAfter(1), places.freeAfter(2), places.freeAfter(4)]).toEqual([2, 4, 2]);
		places.use(2, 1, 14, 0);
		places.use(4, 1, 15, 0);
		expect(places.freeAfter(0)).toBe(-1);
	});
});
