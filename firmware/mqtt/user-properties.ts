import type { Text } from "../ports/text.js";
import { word } from "./lent-properties.js";
import type { Shape } from "./shape.js";
import type { UserProperties } from "./types.js";

/**
 * The user properties of one message, read from its bytes when they are asked for: most receivers never do. They are
 * the peer's to choose, so they never become the names of an object's properties, which XS would keep for ever.
 */
export class LentUserProperties implements UserProperties {
	private shape: Shape | undefined;
	private readonly text: Text;

	/** Those of the packet that `shape` has read, which is lent until `release`. */
	constructor(shape: Shape, text: Text) {
		this.shape = shape;
		this.text = text;
	}

	release(): void {
		this.shape = undefined;
	}

	get count(): number {
		return this.shape?.userCount ?? 0;
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

	private get bytes(): Uint8Array {
		return (this.shape as Shape).bytes;
	}

	/** Where the pair begins, or -1 when there is none of this index. */
	private place(index: number): number {
		return index >= 0 && index < this.count ? (this.shape?.userAt(index) ?? -1) : -1;
	}

	/** The text whose length stands at `at`; it is known to be good UTF-8. */
	private textAt(at: number): string {
		return at < 0 ? "" : this.text.decode(this.bytes, at + 2, at + 2 + word(this.bytes, at));
	}
}
