import type { Store } from "../../firmware/ports/store.js";
import type { Text } from "../../firmware/ports/text.js";

const KEY_CHARACTERS_MAX = 15;
const VALUE_BYTES_MAX = 1_000;

/** Thrown where the power went away; the firmware never sees it again, a test does. */
export class PowerCut extends Error {}

/** A board's flash. Survives every restart and power cut; each write is whole or did not happen, as NVS has it. */
export class VirtualStore implements Store {
	/** Writes and deletions that reached the flash: each costs some of its life. */
	writes = 0;
	private readonly text: Text;
	private readonly values = new Map<string, Uint8Array>();
	private cut: { left: number; written: boolean; onCut: () => void } | undefined;
	private dead = false;

	constructor(text: Text) {
		this.text = text;
	}

	get(key: string): string | undefined {
		this.check(key);
		const bytes = this.values.get(key);
		return bytes === undefined ? undefined : this.text.decode(bytes, 0, bytes.length);
	}

	set(key: string, value: string): void {
		this.check(key);
		const bytes = this.text.encode(value);
		if (bytes.length > VALUE_BYTES_MAX)
			throw new Error(`${key}: ${bytes.length} bytes are more than ${VALUE_BYTES_MAX}`);
		this.commit(() => this.values.set(key, bytes));
	}

	delete(key: string): void {
		this.check(key);
		if (this.values.has(key)) this.commit(() => this.values.delete(key));
	}

	/** The keys in use, for whoever looks. */
	keys(): string[] {
		return [...this.values.keys()];
	}

	/** Cuts the power at the `write`-th write from now, 0 being the next, just before or just after it is done. */
	cutPowerAt(write: number, when: "before" | "after", onCut: () => void = () => undefined): void {
		this.cut = { left: write, written: when === "after", onCut };
	}

	/** The power is back: everything written is there, nothing else is. */
	reset(): void {
		this.dead = false;
		this.cut = undefined;
	}

	private commit(write: () => void): void {
		const cut = this.cut;
		const now = cut !== undefined && cut.left-- === 0;
		if (!now || cut.written) {
			write();
			this.writes++;
		}
		if (!now) return;
		this.dead = true;
		cut.onCut();
		throw new PowerCut("the power is gone");
	}

	private check(key: string): void {
		if (this.dead) throw new PowerCut("the power is gone");
		if (key.length < 1 || key.length > KEY_CHARACTERS_MAX) {
			throw new Error(`"${key}" is no key: keys have 1 to ${KEY_CHARACTERS_MAX} characters`);
		}
	}
}
