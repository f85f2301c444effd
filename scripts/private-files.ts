import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
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

/** The secret kept in `<folder>/<name>`, made at random on first use. */
export function keptSecret(folder: string, name: string): string {
	const path = join(folder, name);
	const kept = readIfThere(path)?.trim();
	if (kept !== undefined && kept.length >= 20) return kept;
	const secret = randomBytes(SECRET_BYTES).toString("base64url");
	// A password that begins with "-" would be taken for an option where it is pasted into a command.
	if (secret.startsWith("-")) return keptSecret(folder, name);
	writePrivate(path, `${secret}\n`);
	return secret;
}
