import { readFileSync } from "node:fs";

export const FLASH_BYTES = 0x400000;

const SUBTYPES: Readonly<Record<string, number>> = { nvs: 2, phy: 1, ota: 0, ota_0: 0x10, ota_1: 0x11 };

/** A flash as it is after the firmware was flashed with this table: as ESP-IDF's gen_esp32part.py writes it, with noise elsewhere. */
export function flashedWith(csv = readFileSync("manifests/common/partitions.csv", "utf8")): Buffer {
	const flash = Buffer.alloc(FLASH_BYTES, "what is there ");
	flash.fill(0xff, 0x8000, 0x9000);
	let at = 0x8000;
	for (const line of csv.split("\n").filter((text) => text !== "" && !text.startsWith("#"))) {
		const [name = "", type, subtype = "", offset, size] = line.split(",").map((field) => field.trim());
		flash.fill(0, at, at + 32);
		flash.set([0xaa, 0x50, type === "app" ? 0 : 1, SUBTYPES[subtype] ?? Number(subtype)], at);
		flash.writeUInt32LE(Number(offset), at + 4);
		flash.writeUInt32LE(Number(size), at + 8);
		flash.write(name, at + 12, "latin1");
		at += 32;
	}
	flash.set([0xeb, 0xeb], at); // and an MD5 behind it, which is not looked at here
	return flash;
}

/** The settings partition of a flash. */
export function settingsIn(flash: Buffer): Buffer {
	return flash.subarray(0x3b2000, 0x3b6000);
}

/** Where two flashes differ: the first byte and the one behind the last, or undefined. */
export function differenceOf(one: Buffer, other: Buffer): [number, number] | undefined {
	let [from, to] = [-1, -1];
	for (let at = 0; at < one.length; at++) {
		if (one[at] === other[at]) continue;
		if (from < 0) from = at;
		to = at + 1;
	}
	return from < 0 ? undefined : [from, to];
}
