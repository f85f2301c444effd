import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why instructions cannot be counted here, or undefined when they can. */
export function whyNoCallgrind(): string | undefined {
	const { error, status } = spawnSync("valgrind", ["--version"]);
	return error === undefined && status === 0 ? undefined : "valgrind is not installed (Debian: apt install valgrind)";
}

/** Counts the machine instructions of one process. */
export class Callgrind {
	/** What goes before the command line of that process. */
	readonly prefix: readonly string[];
	private readonly folder = mkdtempSync(join(tmpdir(), "callgrind-"));
	private readonly file = join(this.folder, "out");

	constructor() {
		this.prefix = ["valgrind", "-q", "--tool=callgrind", `--callgrind-out-file=${this.file}`];
	}

	/** The count, once the process has ended; throws when it left none. */
	finish(): number {
		try {
			return readTotal(readFileSync(this.file, "utf8"));
		} finally {
			rmSync(this.folder, { recursive: true });
		}
	}
}

/** The instructions that a file of callgrind's adds up to ("Callgrind Format Specification": `totals`). */
export function readTotal(text: string): number {
	const total = /^totals: (\d+)$/m.exec(text)?.[1];
	if (total === undefined) throw new Error("callgrind left no total: the process under it did not come to its end");
	return Number(total);
}
