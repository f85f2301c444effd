import { type DerReader, GENERALIZED_TIME, UTC_TIME } from "./der.js";
import { Refused } from "./refused.js";

const DAY_MS = 86_400_000;

/** The next element as a time (RFC 5280 §4.1.2.5), in milliseconds since 1970. */
export function readTime(reader: DerReader): number {
	const short = reader.tag() === UTC_TIME;
	const text = reader.content(short ? UTC_TIME : GENERALIZED_TIME);
	const yearDigits = short ? 2 : 4;
	if (text.length !== yearDigits + 11 || text[text.length - 1] !== 0x5a) throw unreadable(); // seconds, and "Z"
	let year = digits(text, 0, yearDigits);
	if (short) year += year < 50 ? 2000 : 1900; // §4.1.2.5.1
	const month = inRange(digits(text, yearDigits, 2), 1, 12);
	const day = inRange(digits(text, yearDigits + 2, 2), 1, daysIn(year, month));
	const hours = inRange(digits(text, yearDigits + 4, 2), 0, 23);
	const minutes = inRange(digits(text, yearDigits + 6, 2), 0, 59);
	const seconds = inRange(digits(text, yearDigits + 8, 2), 0, 59);
	return daysSince1970(year, month, day) * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}

/** The day of `epochMs`, as `2026-11-25`. */
export function dayOf(epochMs: number): string {
	const days = Math.floor(epochMs / DAY_MS) + 719_468; // since 1 March of the year 0
	let year = Math.floor(days / 365); // not too early, and the loop takes it back
	while (daysSince1970(year, 3, 1) + 719_468 > days) year--;
	const day = days - (daysSince1970(year, 3, 1) + 719_468);
	const month = Math.floor((day * 10 + 5) / 306);
	const dayOfMonth = day - Math.floor((month * 306 + 5) / 10) + 1;
	return `${month < 10 ? year : year + 1}-${twoDigits(month < 10 ? month + 3 : month - 9)}-${twoDigits(dayOfMonth)}`;
}

function twoDigits(value: number): string {
	return value < 10 ? `0${value}` : String(value);
}

function digits(text: Uint8Array, at: number, count: number): number {
	let value = 0;
	for (let i = at; i < at + count; i++) value = value * 10 + inRange((text[i] as number) - 0x30, 0, 9);
	return value;
}

function inRange(value: number, min: number, max: number): number {
	if (value < min || value > max) throw unreadable();
	return value;
}

function daysIn(year: number, month: number): number {
	if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
	return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Of the proleptic Gregorian calendar; the year is counted from March, so that the leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
	const years = month > 2 ? year : year - 1;
	const months = (month + 9) % 12;
	const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
	return years * 365 + leaps + Math.floor((months * 306 + 5) / 10) + day - 719_469;
}

function unreadable(): Refused {
	return new Refused("cannot be read: a date in it is none");
}
