import { File } from "file";
import type { Store } from "../ports/store.js";

/** Small values of a simulator, each in a file of its own. */
export class FileStore implements Store {
	private readonly folder: string;

	/** `folder` exists and ends with a slash. */
	constructor(folder: string) {
		this.folder = folder;
	}

	get(key: string): string | undefined {
		const path = this.folder + key;
		if (!File.exists(path)) return undefined;
		const file = new File(path);
		try {
			return file.read(String);
		} finally {
			file.close();
		}
	}

	set(key: string, value: string): void {
		this.delete(key);
		const file = new File(this.folder + key, true);
		try {
			file.write(value);
		} finally {
			file.close();
		}
	}

	delete(key: string): void {
		const path = this.folder + key;
		if (File.exists(path)) File.delete(path);
	}
}
