import { reasonOf } from "../model/fault.js";
import type { SigningNeeds } from "../model/signing.js";
import { toBase64Url } from "../security/base64url.js";
import { Compact } from "../security/compact.js";
import { Refused } from "../security/refused.js";
import { type Claims, type Purpose, readClaims } from "./claims.js";
import { looksSealed, openJwe } from "./jwe.js";
import { checkJws, readJws } from "./jws.js";
import { type Key, KeyRing } from "./keys.js";
import { ReplayWindow, TOO_OLD } from "./replay-window.js";

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
	/** That its signature was checked is to be made good, if it is new. */
	private readonly counted: boolean;

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
		const { key, payload } = readJws(inner, verifier);
		// Before the signature, which may take long: what it is for, and whether its time is now, cost little.
		this.claims = readClaims(payload, purpose, { device: id, nowS: nowMs / 1_000, text });
		this.needs = needs;
		this.ring = ring;
		this.key = key;
		this.counted = this.check(inner);
	}

	/** Notes for ever that this was here; why it cannot be carried out, in plain words, or undefined. */
	admit(): string | undefined {
		const { store } = this.needs.board;
		const { issuedS } = this.claims;
		try {
			const window = this.window();
			const mark = this.mark();
			const why = window.refusal(issuedS, mark);
			if (why !== undefined) return why;
			// Before anything moves: a power cut from here on loses the command, and never does it twice.
			store.set(WINDOW, window.admit(issuedS, mark));
		} catch (error) {
			return `it could not be noted, and could so be repeated: ${reasonOf(error)}`;
		}
		if (this.counted) this.needs.gate?.giveBack();
		return undefined;
	}

	private mark(): string {
		const { crypto, text } = this.needs.board;
		const digest = crypto.hash("SHA256", text.encode(`${this.key.id} ${this.claims.name}`));
		return toBase64Url(digest.subarray(0, MARK_BYTES));
	}

	private window(): ReplayWindow {
		const { clock, store } = this.needs.board;
		return new ReplayWindow(store.get(WINDOW), (clock.wallMs() ?? 0) / 1_000);
	}

	/** Checks the signature, unless this very message was here before. Returns whether that was one that takes long. */
	private check(message: Compact): boolean {
		const { key, needs } = this;
		const { board, gate } = needs;
		const { crypto } = board;
		if (key.algorithm !== "ES256" || gate === undefined) {
			checkJws(message, key, crypto);
			return false;
		}
		// Of the key as well: one that took the place of another of its name has found nothing good.
		const digest = crypto.hmac(key.bytes.subarray(1), message.token);
		if (gate.isKnown(digest)) return false;
		// Too old is too old, whoever signed it: more than are remembered may be made in one second by one who means well.
		if (this.window().isTooOld(this.claims.issuedS)) throw new Refused(TOO_OLD);
		gate.spend();
		checkJws(message, key, crypto);
		gate.remember(digest);
		return true;
	}
}
