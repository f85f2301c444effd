import type { Text } from "../ports/text.js";
import type { DocumentWriter } from "./document.js";
import { formatNumber } from "./quantity.js";

const COMMA = 0x2c;
const ZERO = 0x30;
const WHOLE_MAX = 0x7fff_ffff; // up to here XS calculates with integers
const LOW_PART = 1e9;
const LOW_DIGITS = 9;

/**
 * Writes JSON (RFC 8259). Numbers are written digit by digit, since `String(value)` and its bytes would be garbage with
 * every sample. A byte beyond the end of a typed array is lost without an error (ECMA-262 §10.4.5.16).
 */
export class JsonWriter implements DocumentWriter {
	length = 0;
	readonly bytes: Uint8Array;
	private readonly utf8: Text;
	/** Whether a comma stands before what comes next. */
	private comma = false;

	constructor(bytes: Uint8Array, utf8: Text) {
		this.bytes = bytes;
		this.utf8 = utf8;
	}

	begin(): void {
		this.length = 0;
		this.comma = false;
	}

	rewind(length: number): void {
		this.length = length;
	}

	written(): Uint8Array {
		return this.bytes.subarray(0, this.length);
	}

	object(_members: number): void {
		this.open(0x7b);
	}

	endObject(): void {
		this.close(0x7d);
	}

	array(): void {
		this.open(0x5b);
	}

	endArray(_items: number): void {
		this.close(0x5d);
	}

	name(prepared: Uint8Array): void {
		this.separate();
		if (this.length + prepared.length <= this.bytes.length) this.bytes.set(prepared, this.length);
		this.length += prepared.length;
		this.comma = false;
	}

	number(value: number, decimals: number): void {
		const scaled = Math.round(value * 10 ** decimals);
		if (scaled >= -WHOLE_MAX && scaled <= WHOLE_MAX) {
			this.separate();
			if (scaled < 0) this.byte(0x2d);
			this.decimal((scaled < 0 ? -scaled : scaled) | 0, decimals);
		} else if (Number.isFinite(value)) this.value(formatNumber(value, decimals));
		else this.nothing();
	}

	integer(value: number): void {
		this.separate();
		if (value < 0) this.byte(0x2d);
		const size = Math.abs(value);
		if (size <= WHOLE_MAX) {
			this.digits(size | 0, digitsOf(size));
			return;
		}
		const high = Math.floor(size / LOW_PART);
		this.digits(high | 0, digitsOf(high));
		this.digits((size - high * LOW_PART) | 0, LOW_DIGITS);
	}

	nothing(): void {
		this.value("null");
	}

	private open(bracket: number): void {
		this.separate();
		this.byte(bracket);
		this.comma = false;
	}

	private close(bracket: number): void {
		this.byte(bracket);
		this.comma = true;
	}

	private value(json: string): void {
		this.separate();
		const room = this.bytes.length;
		const written = this.length > room ? -1 : this.utf8.write(json, this.bytes, this.length);
		this.length = written < 0 ? room + 1 : this.length + written;
	}

	private separate(): void {
		if (this.comma) this.byte(COMMA);
		this.comma = true;
	}

	private byte(value: number): void {
		this.bytes[this.length++] = value;
	}

	/** `scaled` tenths, hundredths ..., without zeros at the end. */
	private decimal(scaled: number, decimals: number): void {
		let rest = scaled;
		let places = decimals;
		for (; places > 0; places--) {
			const tenth = (rest / 10) | 0;
			if (tenth * 10 !== rest) break;
			rest = tenth;
		}
		const scale = 10 ** places;
		const whole = (rest / scale) | 0;
		this.digits(whole, digitsOf(whole));
		if (places === 0) return;
		this.byte(0x2e);
		this.digits(rest - whole * scale, places);
	}

	/** The last `count` digits of `whole`. */
	private digits(whole: number, count: number): void {
		let rest = whole;
		for (let at = this.length + count - 1; at >= this.length; at--) {
			const tenth = (rest / 10) | 0;
			this.bytes[at] = ZERO + rest - tenth * 10;
			rest = tenth;
		}
		this.length += count;
	}
}

function digitsOf(whole: number): number {
	let count = 1;
	for (let power = 10; whole >= power; power *= 10) count++;
	return count;
}
