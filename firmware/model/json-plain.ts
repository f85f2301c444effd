import type { JsonValue } from "./document.js";

/** Pieces between quotation marks: at most half as many values as `NODES_MAX`, and no more memory than for those. */
const PIECES_MAX = 64;

/** Longest number that is read here, with its colon: what looks like one must not lead the engine's reader into the depth. */
const BARE_MAX = 26;

/**
 * Reads an object the way programs write most of theirs: names and texts without escapes, numbers,
 * `true`, `false` and `null`, one object deep at most, with no white space or a blank where it is usual. Undefined for
 * whatever else it is, right or wrong: `readJson` then tells.
 *
 * On XS a search in native code costs as much as three bytes looked at one by one, so a document is cut at its quotation
 * marks: what comes after a name is then a text, or a piece that begins with its colon and tells all that follows.
 */
export function readPlainObject(json: string): Map<string, JsonValue> | undefined {
	const pieces = json.split('"', PIECES_MAX);
	// The engine would put an escape before each quotation mark. Any more are before what may not be here.
	if (JSON.stringify(json).length !== json.length + pieces.length + 1 || pieces[0] !== "{") return undefined;
	let members = new Map<string, JsonValue>();
	let outer: Map<string, JsonValue> | undefined;
	for (let at = 1; ; at += 2) {
		const name = pieces[at] as string;
		let after = pieces[at + 1];
		if (after === undefined || members.has(name)) return undefined;
		if (after === ":" || after === ": ") {
			at += 2;
			members.set(name, pieces[at] as string);
			after = pieces[at + 1];
		} else if (after === ":{" || after === ": {") {
			if (outer !== undefined) return undefined;
			outer = members;
			members = new Map<string, JsonValue>();
			outer.set(name, members);
			continue;
		} else {
			// It ends before the comma behind it, or before the braces.
			const isLast = at + 2 === pieces.length;
			let end = isLast ? after.length - (outer === undefined ? 1 : 2) : after.indexOf(",");
			if (outer !== undefined && !isLast && after.charCodeAt(end - 1) === 0x7d) end--;
			const isBare = end <= BARE_MAX && after.charCodeAt(0) === 0x3a;
			const value = isBare ? readBare(after.slice(1, end)) : undefined;
			if (value === undefined) return undefined;
			members.set(name, value);
			after = after.slice(end);
		}
		if (after === "," || after === ", ") continue;
		if (after === (outer === undefined ? "}" : "}}")) return at + 2 === pieces.length ? (outer ?? members) : undefined;
		if (outer === undefined || (after !== "}," && after !== "}, ")) return undefined;
		members = outer;
		outer = undefined;
	}
}

/** A number or a word, read by the engine: without a quotation mark in it there is no name that it could keep for ever. */
function readBare(text: string): JsonValue | undefined {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === "number") return value - value === 0 ? value : undefined; // not infinite
		return typeof value === "boolean" || value === null ? value : undefined;
	} catch {
		return undefined;
	}
}
