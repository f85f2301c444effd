/**
 * Whether `bytes[at..end)` is what MQTT calls a UTF-8 Encoded String: shortest forms only, no surrogates
 * [MQTT-1.5.4-1], no U+0000 [MQTT-1.5.4-2], nothing above U+10FFFF.
 */
export function isMqttUtf8(bytes: Uint8Array, at: number, end: number): boolean {
	return isFormed(bytes, at, end, 1);
}

/** Whether `bytes[at..end)` is UTF-8 as RFC 3629 says, U+0000 included: what a payload of text is (§3.3.2.3.2). */
export function isUtf8(bytes: Uint8Array, at: number, end: number): boolean {
	return isFormed(bytes, at, end, 0);
}

function isFormed(bytes: Uint8Array, at: number, end: number, lowest: number): boolean {
	let index = at;
	while (index < end) {
		const lead = bytes[index++] as number;
		if (lead < lowest) return false;
		if (lead < 0x80) continue;
		const more = followers(lead);
		if (more === 0 || index + more > end) return false;
		const second = bytes[index] as number;
		if (second < lowestSecond(lead) || second > highestSecond(lead)) return false;
		for (const last = index + more; index < last; index++) {
			if (((bytes[index] as number) & 0xc0) !== 0x80) return false;
		}
	}
	return true;
}

/** Continuation bytes that a lead byte asks for, 0 when it is none (Unicode table 3-7). */
function followers(lead: number): number {
	if (lead < 0xc2 || lead > 0xf4) return 0;
	if (lead < 0xe0) return 1;
	return lead < 0xf0 ? 2 : 3;
}

/** Below it lies a longer form of what fits in fewer bytes. */
function lowestSecond(lead: number): number {
	if (lead === 0xe0) return 0xa0;
	return lead === 0xf0 ? 0x90 : 0x80;
}

/** Above it lie the surrogates (0xED) or what is beyond U+10FFFF (0xF4). */
function highestSecond(lead: number): number {
	if (lead === 0xed) return 0x9f;
	return lead === 0xf4 ? 0x8f : 0xbf;
}
