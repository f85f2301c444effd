/** A PINGREQ goes out after this share of the keep-alive, so that it arrives within it. */
const PING_AFTER = 0.9;
/** The answer must be here after this share more: a dead peer is found in 1.4 keep-alives. */
const ANSWER_WITHIN = 0.5;

/**
 * Keep-alive (MQTT 5 §3.1.2.10). A PINGREQ is due when nothing was sent for a while, as the specification asks, and
 * also when no packet came for a while: a device that keeps publishing would else never learn that nobody listens.
 */
export class KeepAlive {
	private periodMs = 0;
	private sentMs = 0;
	private receivedMs = 0;
	/** When the PINGREQ went out that has no answer yet, or -1. */
	private pingedMs = -1;

	/** @param seconds 0 turns keep-alive off. */
	start(seconds: number, nowMs: number): void {
		this.periodMs = seconds * 1000;
		this.sentMs = nowMs;
		this.receivedMs = nowMs;
		this.pingedMs = -1;
	}

	sent(nowMs: number): void {
		this.sentMs = nowMs;
	}

	/** What came is being answered: at about the time at which it came. */
	answering(): void {
		this.sentMs = this.receivedMs;
	}

	/** A whole packet came; bytes of one that never ends prove nothing. */
	received(nowMs: number): void {
		this.receivedMs = nowMs;
	}

	pinged(nowMs: number): void {
		this.pingedMs = nowMs;
	}

	/** PINGRESP. One that nobody asked for does no harm. */
	answered(): void {
		this.pingedMs = -1;
	}

	/** When something is to be done: a PINGREQ, or giving the peer up. Infinity for never. */
	dueMs(): number {
		if (this.periodMs === 0) return Number.POSITIVE_INFINITY;
		if (this.pingedMs >= 0) return this.pingedMs + this.periodMs * ANSWER_WITHIN;
		return Math.min(this.sentMs, this.receivedMs) + this.periodMs * PING_AFTER;
	}

	/** Whether what is due is giving the peer up. */
	get waiting(): boolean {
		return this.pingedMs >= 0;
	}
}
