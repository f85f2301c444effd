import type { Text } from "../ports/text.js";
import { type PropertyNotes, word } from "./property-notes.js";
import { NOTHING } from "./shape.js";
import type { UserProperties } from "./types.js";

/**
 * The user properties of one message, read from its bytes when they are asked for: most receivers never do. They are
 * the peer's to choose, so they never become the names of an object's properties, which XS would keep for ever.
 */
export class LentUserProperties implements UserProperties {
	count = 0;
	private text: Text | undefined = undefined;
	private bytes: Uint8Array = NOTHING;
	private notes: PropertyNotes | undefined = undefined;

	/** Takes over those that `notes` tells of; both are lent until `release`. */
	lend(notes: PropertyNotes, bytes: Uint8Array, text: Text): void {
		this.count = notes.userCount;
		this.notes = notes;
		this.bytes = bytes;
		this.text = text;
	}

	release(): void {
		this.count = 0;
		this.notes = undefined;
		this.bytes = NOTHING;
	}

	name(index: number): string {
		return this.textAt(this.place(index));
	}

	value(index: number): string {
		const at = this.place(index);
		return at < 0 ? "" : this.textAt(at + 2 + word(this.bytes, at));
	}

	find(name: string): string | undefined {
		for (let index = 0; index < this.count; index++) if (this.name(index) === name) return this.value(index);
		return undefined;
	}

	/** Where the pair begins, or -1 when there is none of this index. */
	private place(index: number): number {
		return index >= 0 && index < this.count ? (this.notes?.userAt[index] ?? -1) : -1;
	}

	/** The text whose length stands at `at`; it is known to be good UTF-8. */
	private textAt(at: number): string {
		return at < 0 ? "" : (this.text?.decode(this.bytes, at + 2, at + 2 + word(this.bytes, at)) ?? "");
	}
}
