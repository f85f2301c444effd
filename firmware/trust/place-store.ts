import type { Board } from "../ports/board.js";
import { toBase64Url } from "../security/base64url.js";
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
const PIECES_MAX = 7; // two slots take 434 of the 630 entries that a chip has for values
/** Between what a place holds, and before each that is given; neither is in what stands there. */
const BETWEEN = " ";
const GIVEN = "=";
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
 * A place as it is stored, in ASCII, so that it can be cut anywhere: Base64url stays as it is. Throws `Refused` when it is
 * longer than there is room for.
 */
export function packPlace(place: Place): string {
	const packed = place.map((one) => (one === null ? "" : `${GIVEN}${encodeURIComponent(one)}`)).join(BETWEEN);
	if (packed.length > PIECES_MAX * PIECE_LENGTH) throw new Refused("the settings are too long");
	return packed;
}

function unpackPlace(packed: string): Place {
	return packed.split(BETWEEN).map((one) => (one === "" ? null : decodeURIComponent(one.slice(1))));
}

/**
 * Writes a packed place into a slot that is not in use: first its pieces, then how many there are, their digest, and the
 * mark of the settings that it was made for, so that half a place is none. Throws what the flash throws.
 */
export function writePlace(board: PlaceBoard, slot: Slot, packed: string, origin: string | undefined): void {
	const { store } = board;
	const count = Math.ceil(packed.length / PIECE_LENGTH);
	for (let n = 0; n < PIECES_MAX; n++) {
		const piece = packed.slice(n * PIECE_LENGTH, (n + 1) * PIECE_LENGTH);
		if (n < count) store.set(`${STATE}-${slot}${n}`, piece);
		else store.delete(`${STATE}-${slot}${n}`); // of a longer one: there is not much room
	}
	store.set(`${STATE}-${slot}`, [count, digestOf(packed, board), ...(origin === undefined ? [] : [origin])].join(" "));
}

/**
 * What was written into a slot; undefined when it is not whole, or was made for settings with another mark than `origin`:
 * then others were put onto the board since. Throws when the flash fails.
 */
export function readPlaceAt(board: PlaceBoard, slot: Slot, origin: string | undefined): Place | undefined {
	const { store } = board;
	const [count, mark, ...madeFor] = (store.get(`${STATE}-${slot}`) ?? "").split(" ");
	if (mark === undefined || (madeFor.length === 0 ? undefined : madeFor.join(" ")) !== origin) return undefined;
	let packed = "";
	for (let n = 0; n < Math.min(Number(count) || 0, PIECES_MAX); n++) packed += store.get(`${STATE}-${slot}${n}`) ?? "";
	return digestOf(packed, board) === mark ? unpackPlace(packed) : undefined;
}

function digestOf(packed: string, { crypto, text }: PlaceBoard): string {
	return toBase64Url(crypto.hash("SHA256", text.encode(packed)).subarray(0, MARK_BYTES));
}
