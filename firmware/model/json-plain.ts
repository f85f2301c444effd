import type { JsonValue } from "./document.js";

/** Pieces between quotation marks: at most half as many values as `NODES_MAX`, and no more memory than for those. */
const PIECES_MAX = 64;

/**
 * Reads an object the way programs write most of theirs: names and texts without escapes, numbers in their shortest form,
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
			const end = endOfBare(after);
			const value = bareValue(after.slice(after[1] === " " ? 2 : 1, end));
			if (value === undefined || after[0] !== ":") return undefined;
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

/** Where a value without quotation marks ends: before the comma or the brace behind it. */
function endOfBare(piece: string): number {
	const brace = piece.indexOf("}");
	return brace < 0 ? piece.indexOf(",") : brace;
}

/** A number that is written as the engine writes it, or one of the three words; undefined for anything else. */
function bareValue(text: string): JsonValue | undefined {
	const value = Number(text);
	if (String(value) === text) return Number.isFinite(value) ? value : undefined;
	if (text === "true") return true;
	if (text === "false") return false;
	return text === "null" ? null : undefined;
}
