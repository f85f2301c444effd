import { STAGES } from "./stages.js";
import type { FailureCause, LinkState, Stage } from "./types.js";

/** What can be told of the link: where it is since when, and what went wrong how often. */
export class LinkStatus {
	state: LinkState = "off";
	/** Monotonic time at which the state was entered, milliseconds. */
	sinceMs = 0;
	/** Why the last attempt failed, in plain words. */
	lastError: string | undefined = undefined;
	connects = 0;
	/** The last failure. */
	private failed: { readonly stage: Stage; readonly cause: FailureCause } | undefined = undefined;
	/** Failures by stage, in the order of STAGES. Only there once there was one. */
	private counts: number[] | undefined = undefined;

	/** The stage in which the last attempt failed. */
	get failedStage(): Stage | undefined {
		return this.failed?.stage;
	}

	/** In which way it failed. */
	get cause(): FailureCause | undefined {
		return this.failed?.cause;
	}

	/** Failures so far. */
	get failures(): number {
		let sum = 0;
		for (const count of this.counts ?? []) sum += count;
		return sum;
	}

	/** Failures in `stage` so far. */
	failuresIn(stage: Stage): number {
		return this.counts?.[STAGES.indexOf(stage)] ?? 0;
	}

	/** Takes down one failure. */
	protected note(stage: Stage, cause: FailureCause, reason: string): void {
		this.counts ??= STAGES.map(() => 0);
		const index = STAGES.indexOf(stage);
		this.counts[index] = (this.counts[index] as number) + 1;
		this.failed = { stage, cause };
		this.lastError = reason;
	}
}
