import { BINARY, FLAG, LONG, LONG_NOT_0, PAIR, TOPIC, VARINT_NOT_0, WORD, WORD_NOT_0 } from "./property-rules.js";
import { isMqttUtf8 } from "./utf8.js";
import { readVarint, varintSize } from "./varint.js";

// What can be wrong with a value.
export const PAST_END = -1;
export const OUT_OF_RANGE = -2;
export const NOT_TEXT = -3;

const PLUS = 0x2b;
const HASH = 0x23;

/**
 * Checks the value of a property, of the kind that its rule says, that begins at `at` and must end by `end`.
 * @returns where it ends, or what is wrong with it.
 */
export function skipValue(kind: number, bytes: Uint8Array, at: number, end: number): number {
	switch (kind) {
		case FLAG:
			if (at + 1 > end) return PAST_END;
			return (bytes[at] as number) > 1 ? OUT_OF_RANGE : at + 1;
		case WORD:
		case WORD_NOT_0:
			return skipNumber(bytes, at, at + 2, end, kind === WORD_NOT_0);
		case LONG:
		case LONG_NOT_0:
			return skipNumber(bytes, at, at + 4, end, kind === LONG_NOT_0);
		case VARINT_NOT_0: {
			const value = readVarint(bytes, at, end);
			if (value < 0) return PAST_END;
			return value === 0 ? OUT_OF_RANGE : at + varintSize(value);
		}
		case BINARY:
			return skipSized(bytes, at, end);
		case PAIR:
			return skipPair(bytes, at, end);
		case TOPIC:
			return skipTopic(bytes, at, end);
		default:
			return skipText(bytes, at, end);
	}
}

function skipNumber(bytes: Uint8Array, at: number, last: number, end: number, notZero: boolean): number {
	if (last > end) return PAST_END;
	for (let index = at; notZero && bytes[index] === 0; index++) if (index === last - 1) return OUT_OF_RANGE;
	return last;
}

function skipSized(bytes: Uint8Array, at: number, end: number): number {
	if (at + 2 > end) return PAST_END;
	const last = at + 2 + (bytes[at] as number) * 0x100 + (bytes[at + 1] as number);
	return last > end ? PAST_END : last;
}

/** Where the UTF-8 Encoded String (MQTT 5 §1.5.4) that begins at `at` ends, or what is wrong with it. */
function skipText(bytes: Uint8Array, at: number, end: number): number {
	const last = skipSized(bytes, at, end);
	return last > 0 && !isMqttUtf8(bytes, at + 2, last) ? NOT_TEXT : last;
}

function skipPair(bytes: Uint8Array, at: number, end: number): number {
	const middle = skipText(bytes, at, end);
	return middle < 0 ? middle : skipText(bytes, middle, end);
}

/** A Response Topic is one that can be published to: not empty [MQTT-4.7.3-1], no wildcard [MQTT-3.3.2-14]. */
function skipTopic(bytes: Uint8Array, at: number, end: number): number {
	const last = skipText(bytes, at, end);
	if (last === at + 2) return OUT_OF_RANGE;
	for (let index = at + 2; index < last; index++)
		if (bytes[index] === PLUS || bytes[index] === HASH) return OUT_OF_RANGE;
	return last;
}
