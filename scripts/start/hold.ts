import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Fault } from "../../firmware/model/fault.js";
import { makePrivateFolder } from "../private-files.js";

const ENDING = ".lock";
const PATIENCE_MS = 20_000;
const AGAIN_MS = 100;

/** Gives back what is held. */
export type Release = () => void;

/** What is said to whoever comes second. */
interface Taken {
	readonly why: (pid: string) => string;
	readonly fix: string;
}

const RUNS: Taken = {
	why: (pid) => `process ${pid} runs it already, and two at once would spoil each other's flash`,
	fix: "stop that one, or give this one another name with --id",
};
const MAKES: Taken = { why: (pid) => `process ${pid} is making them at this moment`, fix: "try again" };

/**
 * Makes sure that no other program runs one of these boards: two would write to one flash, each as if it were alone, and
 * spoil what the other keeps there. Throws a Fault when a board is taken.
 */
export function holdBoards(folder: string, ids: readonly string[]): Release {
	return hold(folder, ids, RUNS);
}

/** The same for the making of certificates: two programs at it would mix theirs. It takes a moment, for which one waits. */
export async function holdCertificates(folder: string, patienceMs = PATIENCE_MS): Promise<Release> {
	const deadlineMs = performance.now() + patienceMs;
	for (;;) {
		try {
			return hold(folder, ["certificates"], MAKES);
		} catch (error) {
			if (!(error instanceof Fault) || performance.now() >= deadlineMs) throw error;
		}
		await setTimeout(AGAIN_MS * (1 + Math.random())); // at random: two that come at once must not meet for ever
	}
}

/**
 * Each program puts files with its number into the folder and then looks for others, so that of two that begin at the same
 * moment at least one sees the other. What a killed program has left behind, the next one clears away.
 */
function hold(folder: string, names: readonly string[], taken: Taken): Release {
	makePrivateFolder(folder);
	const own = names.map((name) => join(folder, `${name}.${process.pid}${ENDING}`));
	const release = (): void => {
		for (const path of own) rmSync(path, { force: true });
	};
	try {
		for (const path of own) writeFileSync(path, "", { mode: 0o600 });
		for (const name of names) checkAlone(folder, name, taken);
		return release;
	} catch (error) {
		release();
		throw error;
	}
}

function checkAlone(folder: string, name: string, { why, fix }: Taken): void {
	for (const file of readdirSync(folder)) {
		const [held, pid = "", ...rest] = file.split(".");
		if (held !== name || `.${rest.join(".")}` !== ENDING || pid === String(process.pid)) continue;
		const path = join(folder, file);
		if (isRunning(Number(pid))) throw new Fault(name, why(pid), `${fix}; or delete ${path} if that is no farpin`);
		rmSync(path, { force: true });
	}
}

/** Whether there is a process with this number. */
export function isRunning(pid: number): boolean {
	if (!(pid > 0)) return false; // 0 and what is below stand for groups of processes
	try {
		process.kill(pid, 0); // sends nothing
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's
	}
}
