import type { JsonValue } from "./document.js";

/** Pieces between quotation marks: at most half as many values as `NODES_MAX`, and no more memory than for those. */
const PIECES_MAX = 64;

/**
 * Reads an object the way programs write most of theirs: names and texts without escapes, one object deep at most, with
 * no white space or a blank where it is usual. Undefined for whatever else it is, right or wrong: `readJson` then tells.
 *
 * On XS a search in native code costs as much as three bytes looked at one by one, so a document is cut at its quotation
 * marks: every other piece is then a name or a text, and those between them are few and known.
 */
export function readPlainObject(json: string): Map<string, JsonValue> | undefined {
	const pieces = json.split('"', PIECES_MAX);
	// The engine would put an escape before each quotation mark. Any more are before what may not be here.
	if (JSON.stringify(json).length !== json.length + pieces.length + 1 || pieces[0] !== "{") return undefined;
	let members = new Map<string, JsonValue>();
	let outer: Map<string, JsonValue> | undefined;
	for (let at = 1; ; at += 2) {
		const name = pieces[at] as string;
		const colon = pieces[at + 1];
		if (members.has(name)) return undefined;
		if (colon === ":" || colon === ": ") {
			at += 2;
			members.set(name, pieces[at] as string);
			const after = pieces[at + 1];
			if (after === "," || after === ", ") continue;
			if (after === (outer === undefined ? "}" : "}}"))
				return at + 2 === pieces.length ? (outer ?? members) : undefined;
			if (outer === undefined || (after !== "}," && after !== "}, ")) return undefined;
			members = outer;
			outer = undefined;
		} else {
			if (outer !== undefined || (colon !== ":{" && colon !== ": {")) return undefined;
			outer = members;
			members = new Map<string, JsonValue>();
			outer.set(name, members);
		}
	}
}
