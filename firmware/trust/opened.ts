import { reasonOf } from "../model/fault.js";
import type { SigningNeeds } from "../model/signing.js";
import { toBase64Url } from "../security/base64url.js";
import { Compact } from "../security/compact.js";
import { Refused } from "../security/refused.js";
import { type Claims, type Purpose, readClaims } from "./claims.js";
import { looksSealed, openJwe } from "./jwe.js";
import { isSignatureOf, readJws } from "./jws.js";
import { type Key, KeyRing } from "./keys.js";
import { ReplayWindow, TOO_OLD } from "./replay-window.js";

const WINDOW = "replay";
const MARK_BYTES = 8;

/** What came signed, perhaps sealed: nothing of it is to be believed before `check`. */
export class Opened {
	readonly needs: SigningNeeds;
	readonly ring: KeyRing;
	/** That it is signed with. */
	readonly key: Key;
	readonly claims: Claims;
	readonly sealed: boolean;
	private readonly message: Compact;
	/** That its signature was checked is to be made good, if it is new. */
	private counted = false;

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
		this.message = inner;
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

	/**
	 * Checks the signature, unless this very message was here before. Throws `Refused`. Called as few calls deep as can be:
	 * the arithmetic of curves leads deep by itself, and on a chip there is not much room for that.
	 */
	check(): void {
		const { key, message, needs } = this;
		const { board, gate } = needs;
		const { crypto } = board;
		const takesLong = key.algorithm === "ES256" && gate !== undefined;
		// Of the key as well: one that took the place of another of its name has found nothing good.
		const digest = takesLong ? crypto.hmac(key.bytes.subarray(1), message.token) : undefined;
		if (digest !== undefined) {
			if (gate?.isKnown(digest) === true) return;
			// Too old is too old, whoever signed it.
			if (this.window().isTooOld(this.claims.issuedS)) throw new Refused(TOO_OLD);
			gate?.spend();
		}
		if (!isSignatureOf(key, message.upTo(1), message.part(2), crypto))
			throw new Refused(`its signature was not made with the key ${key.id}`);
		if (digest !== undefined) gate?.remember(digest);
		this.counted = digest !== undefined;
	}
}
