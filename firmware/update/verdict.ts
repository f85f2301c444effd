import type { FirmwareSlots } from "../ports/slots.js";
import type { TrialNote } from "./notes.js";

const TRIES_MAX = 2;

/**
 * What became of the release that was to start last: `trial`, it runs and is to prove itself; `confirmed`, it runs and
 * has; `rolled back`, what ran before it runs again; `open`, there is none, or it never was selected.
 *
 * Where the slot was given up by an earlier release already, the boot loader's note says nothing about this one: it is
 * then tried once more, and not for ever.
 */
export function verdictOf(
	note: TrialNote | undefined,
	{ onTrial, rejected }: Pick<FirmwareSlots, "onTrial" | "rejected">,
	version: string,
): "trial" | "confirmed" | "rolled back" | "open" {
	if (onTrial) return "trial";
	if (note === undefined) return "open";
	if (!rejected) return note.version === version ? "confirmed" : "open";
	return note.wasRejected && note.tries < TRIES_MAX ? "open" : "rolled back";
}
