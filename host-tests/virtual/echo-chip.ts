import type { VirtualChip } from "./i2c.js";

/** Answers with what was written last, plus one. */
export class EchoChip implements VirtualChip {
	readonly model = "echo";
	private last: number[] = [];

	write(bytes: Uint8Array): void {
		this.last = [...bytes];
	}

	read(into: Uint8Array): void {
		for (let at = 0; at < into.length; at++) into[at] = (this.last[at] ?? 0) + 1;
	}
}
