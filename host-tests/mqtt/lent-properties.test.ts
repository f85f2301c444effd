import { expect, it } from "vitest";
import { Shape } from "../../firmware/mqtt/shape.js";
import { hex, nodeText } from "./bench.js";

/** A PUBLISH with every property that it can have. */
const FULL = publish(
	'01 01 02 ff ff ff ff 03 00 01 "c" 08 00 01 "r" 09 00 01 00 0b 05 0b 06 23 00 07 26 00 01 "n" 00 01 "v" 26 00 00 00 00',
);

function publish(properties: string): Uint8Array {
	const bytes = hex(properties);
	return Uint8Array.of(0x30, bytes.length + 7, 0, 1, 0x74, bytes.length, ...bytes, ...hex('"pay"'));
}

it("say what each property says, and where it lies", () => {
	const shape = new Shape(7);
	const bytes = Uint8Array.of(0xff, 0xff, 0xff, ...FULL);
	expect(shape.read(bytes, 3, bytes.length, 5), shape.fault?.reason).toBe(true);
	expect(shape).toMatchObject({
		isText: true,
		expiryS: 0xffff_ffff,
		subscriptionId: 5,
		topicAlias: 7,
		userCount: 2,
	});
	expect(shape.text(3, nodeText)).toBe("c");
	expect(shape.text(8, nodeText)).toBe("r");
	expect(shape.data(9)).toEqual(Uint8Array.of(0));
	expect(shape.text(31, nodeText)).toBeUndefined();
	expect([0, 1].map((index) => bytes[shape.userAt(index) + 1])).toEqual([1, 0]);
});

it("have the words that an acknowledgement comes with", () => {
	const shape = new Shape();
	const bytes = hex('40 0c 00 01 97 08 1f 00 05 "quota"');
	expect(shape.read(bytes, 0, bytes.length, 5)).toBe(true);
	expect(shape.text(31, nodeText)).toBe("quota");
	expect(shape.code).toBe(0x97);
});

it("say nothing of the packet before", () => {
	const shape = new Shape(7);
	for (const [after, version] of [
		['30 04 00 01 "t" 00', 5],
		['30 03 00 01 "t"', 4],
		["40 02 00 01", 5],
		["d0 00", 5],
	] as const) {
		const bytes = hex(after);
		expect(shape.read(FULL, 0, FULL.length, 5)).toBe(true);
		expect(shape.read(bytes, 0, bytes.length, version)).toBe(true);
		expect(shape).toMatchObject({
			...{ isText: false, expiryS: -1, subscriptionId: 0, topicAlias: 0, userCount: 0 },
		});
		expect([3, 8, 31].map((id) => shape.text(id, nodeText))).toEqual([undefined, undefined, undefined]);
		expect(shape.data(9)).toBeUndefined();
	}
});
