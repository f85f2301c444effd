import { readJson } from "../model/json.js";
import type { Board } from "../ports/board.js";
import { fromBase64Url, toBase64Url } from "../security/base64url.js";
import { Refused } from "../security/refused.js";
import type { Place } from "./place.js";

/** One of two places in flash for settings: while one is in use, the other is written. */
export type Slot = "a" | "b";

/** What the flash says of the settings that came from afar, in one value, so that a change of it is whole or not at all. */
export interface PlaceState {
	/** `use`: in force. `try`: to be proved. */
	readonly mode: "use" | "try";
	/** Undefined: those that the device was built with. */
	readonly slot: Slot | undefined;
	/** How many starts are left to prove them. */
	readonly left: number;
	/** What was in use before: to go back to. */
	readonly before: Slot | undefined;
	/** How the last trial ended, to be told once; empty for nothing to tell. */
	readonly news: string;
}

const STATE = "net";
const PIECE_LENGTH = 960; // the store takes values of 1,000 bytes
const PIECES_MAX = 8;
const MARK_BYTES = 8;

/** What is needed of a board to keep settings. */
export type PlaceBoard = Pick<Board, "crypto" | "store" | "text">;

/** The state in flash. Throws when the flash fails. */
export function readState({ store }: PlaceBoard): PlaceState {
	const [mode, slot, left, before, ...news] = (store.get(STATE) ?? "").split(" ");
	return {
		mode: mode === "try" ? "try" : "use",
		slot: slotOf(slot),
		left: Number(left) || 0,
		before: slotOf(before),
		news: news.join(" "),
	};
}

function slotOf(text: string | undefined): Slot | undefined {
	return text === "a" || text === "b" ? text : undefined;
}

/** One write. Throws when the flash fails. */
export function writeState({ store }: PlaceBoard, { mode, slot, left, before, news }: PlaceState): void {
	store.set(STATE, `${mode} ${slot ?? "-"} ${left} ${before ?? "-"}${news === "" ? "" : ` ${news}`}`);
}

/**
 * Writes a place into a slot that is not in use: first its pieces, then how many there are and their digest, so that half
 * a place is none. Throws `Refused` when there is no room, and what the flash throws.
 */
export function writePlace({ crypto, store, text }: PlaceBoard, slot: Slot, place: Place): void {
	const bytes = text.encode(JSON.stringify(place));
	const encoded = toBase64Url(bytes);
	const count = Math.ceil(encoded.length / PIECE_LENGTH);
	if (count > PIECES_MAX) throw new Refused("the settings are too long");
	for (let n = 0; n < count; n++)
		store.set(`${STATE}-${slot}${n}`, encoded.slice(n * PIECE_LENGTH, (n + 1) * PIECE_LENGTH));
	store.set(`${STATE}-${slot}`, `${count} ${toBase64Url(crypto.hash("SHA256", bytes).subarray(0, MARK_BYTES))}`);
}

/** What was written into a slot; undefined when it is not whole. Throws when the flash fails. */
export function readPlaceAt({ crypto, store, text }: PlaceBoard, slot: Slot): Place | undefined {
	const [count, mark] = (store.get(`${STATE}-${slot}`) ?? "").split(" ");
	let encoded = "";
	for (let n = 0; n < Math.min(Number(count) || 0, PIECES_MAX); n++) encoded += store.get(`${STATE}-${slot}${n}`) ?? "";
	const letters = text.encode(encoded);
	const bytes = fromBase64Url(letters, 0, letters.length);
	if (bytes === undefined || bytes.length === 0) return undefined;
	if (toBase64Url(crypto.hash("SHA256", bytes).subarray(0, MARK_BYTES)) !== mark) return undefined;
	const place = readJson(bytes, text);
	return Array.isArray(place) ? place.map((one) => (typeof one === "string" ? one : null)) : undefined;
}
