import { renameSync } from "node:fs";
import type { Store } from "../../firmware/ports/store.js";
import { readIfThere, writePrivate } from "../private-files.js";

const KEY_CHARS_MAX = 15; // the same limits as on the chip, so that what fits here fits there
const VALUE_BYTES_MAX = 1_000;

/** The board's flash: one JSON file, replaced as a whole at every change. */
export class FileStore implements Store {
	readonly #path: string;
	readonly #values: Map<string, string>;

	constructor(path: string) {
		this.#path = path;
		this.#values = read(path);
	}

	get(key: string): string | undefined {
		checkKey(key);
		return this.#values.get(key);
	}

	set(key: string, value: string): void {
		checkKey(key);
		const bytes = Buffer.byteLength(value);
		if (bytes > VALUE_BYTES_MAX) throw new Error(`${key}: ${bytes} bytes are more than ${VALUE_BYTES_MAX}`);
		this.#values.set(key, value);
		this.#save();
	}

	delete(key: string): void {
		checkKey(key);
		if (this.#values.delete(key)) this.#save();
	}

	#save(): void {
		writePrivate(this.#path, `${JSON.stringify(Object.fromEntries(this.#values), undefined, "\t")}\n`);
	}
}

function checkKey(key: string): void {
	if (key.length < 1 || key.length > KEY_CHARS_MAX) {
		throw new Error(`"${key}" is no key: keys have 1 to ${KEY_CHARS_MAX} characters`);
	}
}

function read(path: string): Map<string, string> {
	const text = readIfThere(path);
	if (text === undefined) return new Map();
	try {
		const values: unknown = JSON.parse(text);
		if (typeof values !== "object" || values === null) throw new Error("no object");
		return new Map(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
	} catch {
		renameSync(path, `${path}.damaged`); // kept for whoever wants to look; a chip with damaged flash starts empty, too
		return new Map();
	}
}
