import { reasonOf } from "../model/fault.js";
import type { SigningNeeds } from "../model/signing.js";
import { toBase64Url } from "../security/base64url.js";
import { Compact } from "../security/compact.js";
import { Refused } from "../security/refused.js";
import { type Claims, type Purpose, readClaims } from "./claims.js";
import { looksSealed, openJwe } from "./jwe.js";
import { verifyJws } from "./jws.js";
import { type Key, KeyRing } from "./keys.js";
import { ReplayWindow } from "./replay-window.js";

const WINDOW = "replay";
const MARK_BYTES = 8;

/** What came signed, perhaps sealed, and can be trusted; whether it was here before is not looked at yet. */
export class Opened {
	readonly needs: SigningNeeds;
	readonly ring: KeyRing;
	/** That it is signed with. */
	readonly key: Key;
	readonly claims: Claims;
	readonly sealed: boolean;

	/** Throws `Refused`, or what `readJson` does. `bytesMax`: of the whole message. */
	constructor(message: Uint8Array, purpose: Purpose, needs: SigningNeeds, bytesMax?: number) {
		const { board, id, keys } = needs;
		const nowMs = board.clock.wallMs();
		if (nowMs === undefined)
			throw new Refused(`the clock is not set yet, and a signed ${purpose} holds for a time only`);
		const ring = new KeyRing(board, keys);
		const { crypto, text } = board;
		const verifier = { crypto, text, find: (name: string) => ring.find(name) };
		const outer = new Compact(message, bytesMax);
		this.sealed = looksSealed(outer);
		const inner = this.sealed ? new Compact(openJwe(outer, verifier), bytesMax) : outer;
		const { key, payload } = verifyJws(inner, verifier);
		this.claims = readClaims(payload, purpose, { device: id, nowS: nowMs / 1_000, text });
		this.needs = needs;
		this.ring = ring;
		this.key = key;
	}

	/** Notes for ever that this was here; why it cannot be carried out, in plain words, or undefined. */
	admit(): string | undefined {
		const { clock, crypto, store, text } = this.needs.board;
		const { issuedS, name } = this.claims;
		const digest = crypto.hash("SHA256", text.encode(`${this.key.id} ${name}`));
		const mark = toBase64Url(digest.subarray(0, MARK_BYTES));
		try {
			const window = new ReplayWindow(store.get(WINDOW), (clock.wallMs() ?? 0) / 1_000);
			const why = window.refusal(issuedS, mark);
			// Before anything moves: a power cut from here on loses the command, and never does it twice.
			if (why === undefined) store.set(WINDOW, window.admit(issuedS, mark));
			return why;
		} catch (error) {
			return `it could not be noted, and could so be repeated: ${reasonOf(error)}`;
		}
	}
}
