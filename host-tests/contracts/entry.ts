import type { Entry } from "../../firmware/ports/guard.js";

/** Writes down what a board told the firmware's entry. */
export class RecordingEntry implements Entry {
	settled = 0;
	readonly panics: { readonly where: string; readonly reason: string }[] = [];

	settle(): void {
		this.settled++;
	}

	panic(where: string, error: unknown): void {
		this.panics.push({ where, reason: error instanceof Error ? error.message : String(error) });
	}

	/** The reasons alone. */
	get reasons(): string[] {
		return this.panics.map(({ reason }) => reason);
	}
}
