import type { SignatureGate } from "../model/signing.js";
import type { Clock } from "../ports/clock.js";
import { SignatureBudget } from "../security/signature-budget.js";

/** More than a broker sends once more after a connection that broke. */
const KNOWN_MAX = 20;
const DIGEST_BYTES = 16;

/**
 * What stands before the signatures of one device: which of them are checked at all. One with HMAC costs a two hundredth of
 * one with ES256, so a shared key gets through always. Of ES256 those spend that turn out to be good for nothing: forged
 * ones, and good ones that were here before; only the latest of those are known by their digest, and need no second check.
 */
export class DeviceGate implements SignatureGate {
	private readonly budget: SignatureBudget;
	/** Digests of those that were good, one after the other, and where the next one goes. */
	private known: Uint8Array | undefined = undefined;
	private next = 0;

	constructor(clock: Pick<Clock, "monotonicMs">) {
		this.budget = new SignatureBudget(clock);
	}

	spend(): void {
		this.budget.spend();
	}

	remember(digest: Uint8Array): void {
		this.known ??= new Uint8Array(KNOWN_MAX * DIGEST_BYTES);
		this.known.set(digest.subarray(0, DIGEST_BYTES), this.next);
		this.next = (this.next + DIGEST_BYTES) % this.known.length;
	}

	giveBack(): void {
		this.budget.giveBack();
	}

	isKnown(digest: Uint8Array): boolean {
		const { known } = this;
		if (known === undefined) return false;
		for (let at = 0; at < known.length; at += DIGEST_BYTES) {
			let same = 0;
			while (same < DIGEST_BYTES && known[at + same] === digest[same]) same++;
			if (same === DIGEST_BYTES) return true;
		}
		return false;
	}
}
