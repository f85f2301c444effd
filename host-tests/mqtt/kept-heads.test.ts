import { expect, it } from "vitest";
import { HEAD_BYTES_MAX } from "../../firmware/mqtt/head.js";
import { headsAt, sessionMemory } from "../../firmware/mqtt/memory.js";
import { Prepared } from "../../firmware/mqtt/prepared.js";
import { nodeText, toHex } from "./bench.js";

const BYTES_MAX = 400;
const PAYLOAD = "x".repeat(150);

function rig(aliasesMax = 0) {
	const memory = sessionMemory(BYTES_MAX, 0);
	const into = new Uint8Array(memory.buffer, 0, BYTES_MAX);
	const prepared = new Prepared(into, memory, nodeText);
	prepared.begin(5, Number.POSITIVE_INFINITY, aliasesMax);
	const make = (topic: string, flags = 0) =>
		toHex(into.subarray(0, prepared.make(flags, flags > 0 ? 7 : 0, topic, PAYLOAD, undefined)));
	/** Marks both heads: a message that is made from one of them shows it. */
	const mark = () => {
		for (let n = 0; n < 2; n++) memory[headsAt(BYTES_MAX) + n * HEAD_BYTES_MAX + 5] = 0xee;
	};
	return { make, mark, prepared };
}

const isMarked = (packet: string) => packet.split(" ")[5] === "ee";

it("the heads of the two kinds of message that were sent last are used again, in any order", () => {
	const { make, mark } = rig();
	make("aa");
	make("bb", 2);
	mark();
	expect([make("aa"), make("aa"), make("bb", 2), make("aa")].map(isMarked)).toEqual([true, true, true, true]);
});

it("a third kind takes the place of the one that was used least recently", () => {
	const { make, mark } = rig();
	make("aa");
	make("bb");
	make("aa");
	make("cc");
	mark();
	expect([make("aa"), make("cc"), make("bb")].map(isMarked)).toEqual([true, true, false]);
});

it("the same topic with another QoS is another kind, and so is one that its alias stands for now", () => {
	const { make, mark } = rig();
	make("aa");
	mark();
	expect(isMarked(make("aa", 2))).toBe(false);
	const aliased = rig(3);
	aliased.make("aa");
	aliased.prepared.aliases.sent("aa");
	aliased.mark();
	expect(isMarked(aliased.make("aa"))).toBe(false);
	aliased.mark();
	expect(isMarked(aliased.make("aa"))).toBe(true);
});

it("a head that is longer than its place is made each time", () => {
	const { make, mark } = rig();
	const long = "t".repeat(HEAD_BYTES_MAX);
	make(long);
	mark();
	expect(isMarked(make(long))).toBe(false);
	expect(make("aa")).toBe(make("aa"));
});

it("a new connection has none", () => {
	const { make, mark, prepared } = rig();
	make("aa");
	mark();
	prepared.begin(5, Number.POSITIVE_INFINITY, 0);
	expect(isMarked(make("aa"))).toBe(false);
});
