import storage, { type Flash } from "embedded:storage/flash";
import update from "embedded:update";
import { Digest } from "crypt";
import FFI from "mc/ffi";
import type { FirmwareSlots, RunningDigest } from "../ports/slots.js";
import { BOOT_ENTRY_BYTES, readBootRecord } from "../security/boot-record.js";

const SECTOR_BYTES = 4_096;

/** A board that was flashed with another partition table has no second slot. Holds no memory: the flash is opened for each use. */
export function chipSlots(): FirmwareSlots | undefined {
	try {
		other();
		return SLOTS;
	} catch {
		return undefined;
	}
}

/** The slot that does not run. */
function other(): Flash {
	return storage.open({ path: "nextota", mode: "r+" });
}

/** What the boot loader noted: both halves of its record, a sector apart. */
function bootRecord() {
	const flash = storage.open({ path: "otadata", mode: "r" });
	const first = new Uint8Array(BOOT_ENTRY_BYTES);
	const second = new Uint8Array(BOOT_ENTRY_BYTES);
	flash.read(first, 0);
	flash.read(second, SECTOR_BYTES);
	return readBootRecord(first, second);
}

class ChipDigest implements RunningDigest {
	private readonly digest = new Digest("SHA256");

	write(bytes: Uint8Array): void {
		this.digest.write(bytes);
	}

	end(): Uint8Array {
		return new Uint8Array(this.digest.close());
	}
}

/** ESP-IDF's two OTA slots, which its boot loader rolls back: CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE, see manifests/. */
const SLOTS: FirmwareSlots = Object.freeze<FirmwareSlots>({
	get room(): number {
		const { blocks, blockLength } = other().status();
		return blocks * blockLength;
	},

	get onTrial(): boolean {
		return bootRecord().onTrial;
	},

	get rejected(): boolean {
		return bootRecord().rejected;
	},

	read(at: number, into: Uint8Array): void {
		other().read(into, at);
	},

	erase(sector: number): void {
		other().eraseBlock(sector);
	},

	write(at: number, bytes: Uint8Array): void {
		other().write(bytes, at);
	},

	digest(): RunningDigest {
		return new ChipDigest();
	},

	/**
	 * The SDK selects only what it wrote itself, at least in part: its appending writes the first sector anew, and leaves
	 * what lies behind it. `complete` then has ESP-IDF check the whole image, and changes the record.
	 */
	select(): void {
		const partition = other();
		const first = new Uint8Array(SECTOR_BYTES);
		partition.read(first, 0);
		const image = update.open({ partition, mode: "a" });
		try {
			image.write(first);
			image.complete();
		} finally {
			image.close();
		}
	},

	confirm(): void {
		const error = new FFI().esp_ota_mark_app_valid_cancel_rollback();
		if (error !== 0) throw new Error(`the boot loader's record could not be changed (${error})`);
	},
});
