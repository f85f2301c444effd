import type { Check } from "./checks.js";

/** Names of the checks that fail. A contract that cannot fail says nothing. */
export async function failing(checks: readonly Check[]): Promise<string[]> {
	const names: string[] = [];
	for (const check of checks) {
		try {
			await check.run();
		} catch {
			names.push(check.name);
		}
	}
	return names;
}
