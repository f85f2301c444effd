import fc from "fast-check";
import type { DocumentWriter, Encoding } from "../../firmware/model/document.js";
import { roundNumber } from "../../firmware/model/quantity.js";

/** A document as the firmware writes one: the parts that a `DocumentWriter` is given. */
export type Part =
	| { readonly kind: "object"; readonly members: readonly (readonly [name: string, value: Part])[] }
	| { readonly kind: "array"; readonly items: readonly Part[] }
	| { readonly kind: "number"; readonly value: number; readonly decimals: number }
	| { readonly kind: "integer"; readonly value: number }
	| { readonly kind: "nothing" };

/** Every size of a text matters: 31, 32, 255, 256 bytes, and characters of one to four bytes. */
const texts = fc.oneof(
	fc.string({ unit: "grapheme", maxLength: 12 }),
	fc
		.tuple(fc.constantFrom("a", "é", "€", "😀", '"', "\n"), fc.constantFrom(1, 15, 31, 32, 63, 64, 255, 256, 300))
		.map(([char, count]) => char.repeat(count)),
);

const edges = [0, 1, 2 ** 5, 2 ** 7, 2 ** 8, 2 ** 15, 2 ** 16, 2 ** 31, 1e9, 1e10, 2 ** 32, 2 ** 53];
export const integers = fc.oneof(
	fc.maxSafeInteger(),
	fc.integer(),
	fc
		.tuple(fc.constantFrom(...edges), fc.constantFrom(-1, 0, 1), fc.constantFrom(-1, 1))
		.map(([edge, off, sign]) => (edge + off) * sign + 0)
		.filter(Number.isSafeInteger),
);
export const numbers = fc.oneof(
	fc.double({ min: -1e9, max: 1e9, noNaN: true }),
	fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 100),
	fc.double(),
);

const leaves: fc.Arbitrary<Part> = fc.oneof(
	fc.tuple(numbers, fc.nat(6)).map(([value, decimals]): Part => ({ kind: "number", value, decimals })),
	integers.map((value): Part => ({ kind: "integer", value })),
	fc.constant<Part>({ kind: "nothing" }),
);

function objects(values: fc.Arbitrary<Part>, maxLength: number): fc.Arbitrary<Part> {
	const members = fc.uniqueArray(fc.tuple(texts, values), { maxLength, selector: ([name]) => name });
	// The reference makes a plain object of it and refuses this one name.
	return members.map((all): Part => ({ kind: "object", members: all.filter(([name]) => name !== "__proto__") }));
}

const flat = objects(leaves, 18);
const arrays = fc.array(fc.oneof(leaves, flat), { maxLength: 20 }).map((items): Part => ({ kind: "array", items }));

/** Objects of values, of objects and of arrays: with 15, 16 and more members too. */
export const written: fc.Arbitrary<Part> = objects(fc.oneof(leaves, flat, arrays), 18);

/** Gives the parts to `writer`, whose encoding prepares the names. */
export function write(writer: DocumentWriter, part: Part, encoding: Encoding): void {
	if (part.kind === "object") {
		writer.object(part.members.length);
		for (const [name, value] of part.members) {
			writer.name(encoding.name(name));
			write(writer, value, encoding);
		}
		writer.endObject();
	} else if (part.kind === "array") {
		writer.array();
		for (const item of part.items) write(writer, item, encoding);
		writer.endArray(part.items.length);
	} else if (part.kind === "number") writer.number(part.value, part.decimals);
	else if (part.kind === "integer") writer.integer(part.value);
	else writer.nothing();
}

/** What whoever reads the document must find. */
export function meaning(part: Part): unknown {
	switch (part.kind) {
		case "object":
			return Object.fromEntries(part.members.map(([name, value]) => [name, meaning(value)]));
		case "array":
			return part.items.map(meaning);
		case "number":
			return Number.isFinite(part.value) ? roundNumber(part.value, part.decimals) : null;
		case "nothing":
			return null;
		default:
			return part.value;
	}
}
