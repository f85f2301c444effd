/** Whether a command did what it asked for: quotation marks inside a reason are escaped, so that it cannot say so itself. */
export function isApplied(answer: string): boolean {
	return answer.includes('"outcome":"applied"');
}

/** A bare value as JSON; null where there is none at the moment. */
export function jsonOf(text: string): string {
	const first = text.charCodeAt(0);
	const isPlain = first === 0x7b || first === 0x2d || (first >= 0x30 && first <= 0x39); // `{`, `-`, a digit
	if (isPlain) return text;
	return text === "unavailable" ? "null" : JSON.stringify(text);
}
