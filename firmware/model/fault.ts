/** The one error class: what failed, why, and what to do about it, each a short plain phrase. */
export class Fault extends Error {
	readonly what: string;
	readonly why: string;
	readonly fix: string;

	constructor(what: string, why: string, fix = "") {
		super(fix === "" ? `${what}: ${why}` : `${what}: ${why}; ${fix}`);
		this.what = what;
		this.why = why;
		this.fix = fix;
	}
}

/** The reason inside anything that was thrown, for people. */
export function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
