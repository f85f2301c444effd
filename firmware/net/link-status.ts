import { StageCounts } from "./stages.js";
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
	/** Failures by stage. */
	readonly counts = new StageCounts();

	/** Takes down one failure. */
	protected note(stage: Stage, cause: FailureCause, reason: string): void {
		this.failures++;
		this.counts.add(stage);
		this.failedStage = stage;
		this.cause = cause;
		this.lastError = reason;
	}
}
