import { randomBytes } from "node:crypto";
import {
	chmodSync,
	closeSync,
	fsyncSync,
	linkSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

const SECRET_BYTES = 18; // 24 characters, 144 bits

/** Makes a folder that only its owner can look into. */
export function makePrivateFolder(folder: string): void {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	chmodSync(folder, 0o700); // it may have been there already, with other rights
}

/** Replaces a file as a whole, readable by its owner only: after a power cut it holds the old text or the new one. */
export function writePrivate(path: string, text: string): void {
	makePrivateFolder(dirname(path));
	const draft = `${path}.${process.pid}.new`;
	const file = openSync(draft, "w", 0o600);
	try {
		writeSync(file, text);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	renameSync(draft, path);
}

/** The text of a file, or undefined when there is none. */
export function readIfThere(path: string): string | undefined {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}

/**
 * What is kept in a file, made on first use, and anew when it is not good. Two programs that begin at the same moment get
 * the same, from whichever was first.
 */
export function keptText(path: string, isGood: (text: string) => boolean, make: () => string): string {
	const kept = readIfThere(path)?.trim();
	if (kept !== undefined && isGood(kept)) return kept;
	const made = make();
	if (kept !== undefined || !putFirst(path, `${made}\n`)) writePrivate(path, `${made}\n`);
	return readIfThere(path)?.trim() ?? made;
}

/** Writes a file that is not there, as a whole. True when it is there now, whoever wrote it. */
function putFirst(path: string, text: string): boolean {
	const draft = `${path}.${process.pid}.first`;
	writePrivate(draft, text);
	try {
		linkSync(draft, path);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EEXIST"; // some disks know no links
	} finally {
		rmSync(draft, { force: true });
	}
}

/** The secret kept in `<folder>/<name>`, made at random on first use. */
export function keptSecret(folder: string, name: string): string {
	return keptText(join(folder, name), (text) => text.length >= 20, makeSecret);
}

/** One that begins with "-" would be taken for an option where it is pasted into a command. */
function makeSecret(): string {
	const secret = randomBytes(SECRET_BYTES).toString("base64url");
	return secret.startsWith("-") ? makeSecret() : secret;
}
