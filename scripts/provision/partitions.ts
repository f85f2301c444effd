import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { projectFolder } from "../places.js";

/** Where the table is in a board's flash, and how long it can be: ESP-IDF's CONFIG_PARTITION_TABLE_OFFSET, and its default. */
export const TABLE_OFFSET = 0x8000;
export const TABLE_BYTES = 0xc00;

/** A part of a board's flash. */
export interface Partition {
	readonly name: string;
	readonly offset: number;
	readonly size: number;
}

// esp_partition_info_t of ESP-IDF (esp_flash_partitions.h): magic, type, subtype, offset, size, label, flags; little-endian.
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const LABEL_BYTES = 16;

/** The partitions of a board that was flashed with firmware of this version: manifests/common/partitions.csv. */
export function ourPartitions(): Partition[] {
	const lines = readFileSync(resolve(projectFolder, "manifests/common/partitions.csv"), "utf8").split("\n");
	return lines
		.map((line) => line.replace(/#.*/, "").trim())
		.filter((line) => line !== "")
		.map((line) => {
			const [name = "", , , offset, size] = line.split(",").map((field) => field.trim());
			return { name, offset: Number(offset), size: Number(size) };
		});
}

/** The one of ours that has this name. */
export function ourPartition(name: string): Partition {
	const found = ourPartitions().find((one) => one.name === name);
	if (found === undefined) throw new Error(`manifests/common/partitions.csv has no partition ${name}`);
	return found;
}

/** What a board's own table says, as it lies in flash; empty where there is none. */
export function readTable(bytes: Buffer): Partition[] {
	const found: Partition[] = [];
	for (let at = 0; at + ENTRY_BYTES <= bytes.length && bytes.readUInt16LE(at) === ENTRY_MAGIC; at += ENTRY_BYTES) {
		const label = bytes.subarray(at + 12, at + 12 + LABEL_BYTES);
		const end = label.indexOf(0);
		found.push({
			name: label.toString("latin1", 0, end < 0 ? LABEL_BYTES : end),
			offset: bytes.readUInt32LE(at + 4),
			size: bytes.readUInt32LE(at + 8),
		});
	}
	return found;
}

/** Whether a board has this partition, at this very place. */
export function hasPartition(table: readonly Partition[], { name, offset, size }: Partition): boolean {
	return table.some((one) => one.name === name && one.offset === offset && one.size === size);
}

export function hex(number: number): string {
	return `0x${number.toString(16)}`;
}
