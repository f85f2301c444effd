import { STAGES } from "./stages.js";
import type { FailureCause, LinkState, Stage } from "./types.js";

/** What can be told of the link: where it is since when, and what went wrong how often. */
export class LinkStatus {
	state: LinkState = "off";
	/** Monotonic time at which the state was entered, milliseconds. */
	sinceMs = 0;
	/** Why the last attempt failed, in plain words. */
	lastError: string | undefined = undefined;
	/** The stage in which it failed, and in which way. */
	failedStage: Stage | undefined = undefined;
	cause: FailureCause | undefined = undefined;
	connects = 0;
	failures = 0;
	/** Failures by stage, in the order of STAGES. Only there once there was one. */
	private counts: number[] | undefined = undefined;

	/** Failures in `stage` so far. */
	failuresIn(stage: Stage): number {
		return this.counts?.[STAGES.indexOf(stage)] ?? 0;
	}

	/** Takes down one failure. */
	protected note(stage: Stage, cause: FailureCause, reason: string): void {
		this.failures++;
		this.counts ??= STAGES.map(() => 0);
		const index = STAGES.indexOf(stage);
		this.counts[index] = (this.counts[index] as number) + 1;
		this.failedStage = stage;
		this.cause = cause;
		this.lastError = reason;
	}
}
