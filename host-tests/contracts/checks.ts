/**
 * A contract is a list of checks that every implementation of a kind must pass. They are plain functions that throw,
 * so that they run under any test runner, or in an engine that has none, and so that a test can show each one failing.
 */
export interface Check {
	readonly name: string;
	run(): void | Promise<void>;
}

/** Throws unless `holds`. */
export function ok(holds: boolean, what: string): asserts holds {
	if (!holds) throw new Error(`not so: ${what}`);
}

/** Throws unless both are the same, by value for arrays and objects. */
export function equal(actual: unknown, expected: unknown, what: string): void {
	const [a, b] = [show(actual), show(expected)];
	if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}

/** Throws unless `run` throws; returns what it threw. */
export function throws(run: () => void, what: string): Error {
	try {
		run();
	} catch (error) {
		ok(error instanceof Error, `${what}: what was thrown is an Error`);
		return error;
	}
	throw new Error(`${what}: nothing was thrown`);
}

function show(value: unknown): string {
	if (value === undefined || typeof value === "number" || typeof value === "bigint") return String(value);
	if (value instanceof Uint8Array) return `bytes ${value.join()}`;
	return JSON.stringify(value);
}
