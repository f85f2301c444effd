/** What the boot loader noted of the images. */
export interface BootRecord {
	/** What runs was started for the first time, and is to confirm itself. */
	readonly onTrial: boolean;
	/** Something was selected that did not confirm itself, or was no image. */
	readonly rejected: boolean;
}

/** Bytes of each half of the record; the halves are a sector apart. */
export const BOOT_ENTRY_BYTES = 32;

// esp_ota_select_entry_t of ESP-IDF 6.0 (esp_flash_partitions.h): ota_seq, seq_label, ota_state, crc; little-endian.
const STATE_AT = 24;
const CHECK_AT = 28;
const SEQ_BYTES = 4;
const NEVER_SELECTED = 0xffff_ffff;
// esp_ota_img_states_t.
const PENDING_VERIFY = 1;
const INVALID = 3;
const ABORTED = 4;

/**
 * Reads the record of ESP-IDF's boot loader (partition "otadata") with roll-back on. Of its two halves the later one counts
 * that was not given up; a half that is not whole is none.
 */
export function readBootRecord(first: Uint8Array, second: Uint8Array): BootRecord {
	let activeSeq = 0;
	let onTrial = false;
	let rejected = false;
	for (const entry of [first, second]) {
		const seq = wordAt(entry, 0);
		if (seq === NEVER_SELECTED || wordAt(entry, CHECK_AT) !== checkOf(entry)) continue;
		const state = wordAt(entry, STATE_AT);
		if (state === INVALID || state === ABORTED) rejected = true;
		else if (seq > activeSeq) {
			activeSeq = seq;
			onTrial = state === PENDING_VERIFY;
		}
	}
	return { onTrial, rejected };
}

function wordAt(bytes: Uint8Array, at: number): number {
	let word = 0;
	for (let i = 3; i >= 0; i--) word = word * 256 + (bytes[at + i] as number);
	return word;
}

/** `esp_rom_crc32_le(UINT32_MAX, &ota_seq, 4)`: the CRC-32 of IEEE 802.3, begun with zeros. */
function checkOf(bytes: Uint8Array): number {
	let crc = 0;
	for (let at = 0; at < SEQ_BYTES; at++) {
		crc ^= bytes[at] as number;
		for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
	}
	return ~crc >>> 0;
}
