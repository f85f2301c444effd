import storage, { type KeyValue } from "embedded:storage/key-value";
import type { Store } from "../ports/store.js";

const NAMESPACE = "farpin";

/** Small values in the chip's non-volatile storage. Opened when first used: a device also works without it. */
export class NvsStore implements Store {
	private values: KeyValue | undefined;

	get(key: string): string | undefined {
		return this.open().read(key);
	}

	set(key: string, value: string): void {
		this.open().write(key, value);
	}

	delete(key: string): void {
		const values = this.open();
		if (values.read(key) !== undefined) values.delete(key);
	}

	private open(): KeyValue {
		this.values ??= storage.open({ path: NAMESPACE, mode: "r+", format: "string" });
		return this.values;
	}
}
