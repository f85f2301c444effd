import fc from "fast-check";
import { DEPTH_MAX, type JsonValue, NODES_MAX } from "../../firmware/model/document.js";

/** A value that was read, in plain objects, as the references give it. */
export function plain(value: JsonValue): unknown {
	if (Array.isArray(value)) return value.map(plain);
	if (!(value instanceof Map)) return value;
	const object: Record<string, unknown> = {};
	for (const [name, member] of value) {
		Object.defineProperty(object, name, { value: plain(member), enumerable: true, writable: true, configurable: true });
	}
	return object;
}

/** Values in a document, the containers among them. */
export function countOf(value: unknown): number {
	if (typeof value !== "object" || value === null) return 1;
	return Object.values(value).reduce((sum: number, each) => sum + countOf(each), 1);
}

/** Small enough for the bounds, with every kind of number, name and text. */
export const remoteDocuments = fc
	.jsonValue({ maxDepth: DEPTH_MAX - 1, stringUnit: "grapheme" })
	.filter((value) => countOf(value) <= NODES_MAX && !JSON.stringify(value).includes('"__proto__"'));
