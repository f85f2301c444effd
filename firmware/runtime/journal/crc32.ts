/** One entry for each value of four bits: CRC-32 of IEEE 802.3, reflected polynomial 0xEDB88320. */
const NIBBLES: readonly number[] = Object.freeze([
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
	0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
]);

/** CRC-32 (IEEE 802.3) of `bytes[start..end)`, as an unsigned number. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
	let crc = ~0;
	for (let i = start; i < end; i++) {
		crc ^= bytes[i] as number;
		crc = (crc >>> 4) ^ (NIBBLES[crc & 15] as number);
		crc = (crc >>> 4) ^ (NIBBLES[crc & 15] as number);
	}
	return ~crc >>> 0;
}
