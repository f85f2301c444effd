import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "vitest";

const FARPIN = resolve("scripts", "farpin.mjs");

/** How a command ended. */
export interface Ended {
	readonly code: number | null;
	readonly output: string;
	readonly errors: string;
}

interface How {
	/** The folder in place of `.farpin`. */
	readonly home: string;
	/** A line at which something is done to it; told to stop unless given. */
	readonly until?: string;
	readonly act?: (child: ChildProcess) => void;
	readonly env?: NodeJS.ProcessEnv;
}

/** Runs one command to its end, in an environment of its own. */
export function farpin(
	words: readonly string[],
	{ home, until = "", act = (child) => child.kill("SIGINT"), env = {} }: How,
): Promise<Ended> {
	return new Promise((done) => {
		const child = spawn(process.execPath, [FARPIN, ...words], {
			env: { ...process.env, FARPIN_HOME: home, FARPIN_BROKER: undefined, ...env },
		});
		let [output, errors, told] = ["", "", false];
		child.stdout.on("data", (bytes: Buffer) => {
			output += bytes.toString();
			if (until === "" || told || !output.includes(until)) return;
			told = true;
			act(child);
		});
		child.stderr.on("data", (bytes: Buffer) => {
			errors += bytes.toString();
		});
		child.once("close", (code) => done({ code, output, errors }));
	});
}

/** One plain sentence, and no stack. */
export function expectPlain({ code, errors }: Ended, sentence: RegExp): void {
	expect(errors).toMatch(sentence);
	expect(errors).not.toMatch(/^\s+at /m);
	expect(code).toBe(1);
}
