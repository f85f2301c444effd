import { describe, it } from "vitest";
import type { Check } from "./checks.js";

/** Runs every check as a test of its own. */
export function runChecks(name: string, checks: readonly Check[]): void {
	describe(name, () => {
		for (const check of checks) it(check.name, () => check.run());
	});
}
