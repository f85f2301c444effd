import type { Board } from "../ports/board.js";

const KEY = "origins";
const BOOTS_MAX = 8;

/** The device: which start this is, and where that is remembered. */
export interface OriginsOwner {
	readonly board: Pick<Board, "clock" | "store">;
	readonly boot: number;
}

/**
 * When the monotonic clock of a boot stood at 0, in milliseconds since 1970. What is stored before the date is known is
 * given its time when it is sent, also after a restart: flash is told the origin of this boot as soon as it is known,
 * once, and only if something waits for it. Of earlier boots the latest are remembered.
 */
export class ClockOrigins {
	private readonly owner: OriginsOwner;
	/** Something of this boot lies in flash without its time. */
	private wanted = false;

	constructor(owner: OriginsOwner) {
		this.owner = owner;
	}

	/** The origin of this boot, or undefined while the date is unknown. */
	now(): number | undefined {
		const { clock } = this.owner.board;
		const wallMs = clock.wallMs();
		return wallMs === undefined ? undefined : wallMs - clock.monotonicMs();
	}

	/** Something of this boot was stored; `originMs` is what was stored with it. */
	stored(originMs: number | undefined): void {
		this.wanted ||= originMs === undefined;
	}

	/** Tells flash the origin of this boot when that is wanted and known. Throws when flash fails. */
	settle(): void {
		const originMs = this.wanted ? this.now() : undefined;
		if (originMs === undefined) return;
		this.wanted = false;
		const entries = [...this.entries(), `${this.owner.boot}:${Math.round(originMs)}`];
		this.owner.board.store.set(KEY, entries.slice(-BOOTS_MAX).join(","));
	}

	/** The origin of any boot, or undefined when nobody knows. */
	of(boot: number): number | undefined {
		if (boot === this.owner.boot) return this.now();
		try {
			const found = this.entries().find((entry) => entry.startsWith(`${boot}:`));
			const originMs = Number(found?.slice(`${boot}:`.length));
			return Number.isSafeInteger(originMs) && originMs > 0 ? originMs : undefined;
		} catch {
			return undefined;
		}
	}

	private entries(): string[] {
		const stored = this.owner.board.store.get(KEY);
		return stored === undefined ? [] : stored.split(",");
	}
}
