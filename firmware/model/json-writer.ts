import type { DocumentWriter, PreparedName } from "./document.js";
import { roundNumber } from "./quantity.js";

/**
 * Writes JSON (RFC 8259), as text that becomes bytes when it is sent: XS puts texts together and into bytes natively,
 * and what is done byte by byte in JavaScript costs it three times as much. Each sample is put together by itself, so
 * that little is copied.
 */
export class JsonWriter implements DocumentWriter {
	readonly room: number;
	/** Everything up to the mark, and what came after it. */
	private kept = "";
	private fresh = "";
	/** What stands before what comes next: a comma or nothing. */
	private comma = "";

	constructor(room: number) {
		this.room = room;
	}

	get length(): number {
		return this.kept.length + this.fresh.length;
	}

	begin(): void {
		this.kept = "";
		this.fresh = "";
		this.comma = "";
	}

	mark(): void {
		this.kept += this.fresh;
		this.fresh = "";
	}

	rewind(): void {
		this.fresh = "";
	}

	written(): string {
		this.mark();
		return this.kept;
	}

	object(_members: number): void {
		this.fresh += `${this.comma}{`;
		this.comma = "";
	}

	endObject(): void {
		this.fresh += "}";
		this.comma = ",";
	}

	array(): void {
		this.fresh += `${this.comma}[`;
		this.comma = "";
	}

	endArray(_items: number): void {
		this.fresh += "]";
		this.comma = ",";
	}

	name(prepared: PreparedName): void {
		this.fresh += this.comma + prepared;
		this.comma = "";
	}

	number(value: number, decimals: number): void {
		this.fresh += this.comma + (Number.isFinite(value) ? roundNumber(value, decimals) : "null");
		this.comma = ",";
	}

	integer(value: number): void {
		this.fresh += this.comma + value;
		this.comma = ",";
	}

	nothing(): void {
		this.fresh += `${this.comma}null`;
		this.comma = ",";
	}
}
