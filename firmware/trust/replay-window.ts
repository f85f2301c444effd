/** So many signed commands are known one by one; of those before, only that they were made before a certain second. */
const REMEMBERED = 24;
const MARK_LENGTH = 11; // 64 bits in Base64url

/** Why one that is known is not to be carried out. */
export const REPEATED = "it was here before";
/** Why a command that was issued no later than those that are forgotten cannot be told from a repetition. */
export const TOO_OLD = "it is older than the last commands that this device remembers: make it anew";

/**
 * Which signed commands were here. The latest are known by a mark of their own; when there is one too many, the one that
 * was made first is forgotten, and with it everything that was made in or before the same second is refused from then on.
 * So none is ever carried out twice, however many come, and the whole fits into one value of the store: some 560 bytes,
 * written once for each signed command. With 24 KB of it that is an erase of each page for some 33 commands: one a minute
 * for six years.
 */
export class ReplayWindow {
	private floorS = 0;
	private readonly seen: { readonly issuedS: number; readonly mark: string }[] = [];

	/** `stored` is what `admit` gave last. When it cannot be read, all that is made before `nowS` may have been here. */
	constructor(stored: string | undefined, nowS: number) {
		if (stored === undefined) return;
		const [floor, ...entries] = stored.split(",");
		this.floorS = wholeOf(floor);
		for (const entry of entries) {
			const [issued, mark = ""] = entry.split(":");
			this.seen.push({ issuedS: wholeOf(issued), mark });
		}
		const isWhole =
			this.floorS >= 0 && this.seen.every(({ issuedS, mark }) => issuedS >= 0 && mark.length === MARK_LENGTH);
		if (isWhole) return;
		this.floorS = Math.floor(nowS);
		this.seen.length = 0;
	}

	/** Whether a command that was made in this second may be one that is forgotten. */
	isTooOld(issuedS: number): boolean {
		return issuedS <= this.floorS;
	}

	/** Why the command that was made in the second `issuedS` and has this mark is not to be carried out, or undefined. */
	refusal(issuedS: number, mark: string): string | undefined {
		if (this.isTooOld(issuedS)) return TOO_OLD;
		return this.seen.some((one) => one.mark === mark) ? REPEATED : undefined;
	}

	/** Remembers the command; returns what is to be stored before it is carried out. */
	admit(issuedS: number, mark: string): string {
		this.seen.push({ issuedS, mark });
		if (this.seen.length > REMEMBERED) this.forgetFirst();
		return [this.floorS, ...this.seen.map((one) => `${one.issuedS}:${one.mark}`)].join(",");
	}

	private forgetFirst(): void {
		const firstS = this.seen.reduce((least, { issuedS }) => Math.min(least, issuedS), Number.POSITIVE_INFINITY);
		this.floorS = Math.max(this.floorS, firstS);
		const left = this.seen.filter(({ issuedS }) => issuedS > this.floorS);
		this.seen.length = 0;
		this.seen.push(...left);
	}
}

/** A whole number that is not negative, or -1. */
function wholeOf(text: string | undefined): number {
	const value = text === undefined || text === "" ? -1 : Number(text);
	return Number.isSafeInteger(value) && value >= 0 ? value : -1;
}
