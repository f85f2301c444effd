import { readFileSync } from "node:fs";
import { reasonOf } from "../firmware/model/fault.js";

/** What the computer says of files, by its codes, in plain words. */
const WORDS: ReadonlyMap<string, string> = new Map([
	["ENOENT", "there is no such file"],
	["EISDIR", "it is a folder and not a file"],
	["ENOTDIR", "a file is where a folder should be"],
	["EEXIST", "a file is where a folder should be"],
	["EACCES", "this user may not read or change it"],
	["EPERM", "this user may not read or change it"],
	["EROFS", "it lies on a disk that cannot be written to"],
	["ENOSPC", "the disk is full"],
	["ENAMETOOLONG", "its name is too long"],
]);

/** Why something could not be done with a file, in plain words; undefined when that is not what went wrong. */
export function fileReason(error: unknown): string | undefined {
	const { code, path } = error as NodeJS.ErrnoException;
	return typeof path === "string" || code === "EISDIR" ? WORDS.get(code ?? "") : undefined;
}

/** The text of the file that the setting or option `name` names. */
export function readNamed(name: string, path: string, fail: (what: string) => never): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return fail(`${name} names ${path}, which does not exist`);
		return fail(`${name} names ${path}, which cannot be read: ${fileReason(error) ?? reasonOf(error)}`);
	}
}
