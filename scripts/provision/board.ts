import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../firmware/model/fault.js";
import { BoardFlash, findEsptool } from "./esptool.js";
import { hasPartition, ourPartition, type Partition, readTable, TABLE_BYTES, TABLE_OFFSET } from "./partitions.js";
import { inPrivateFolder } from "./private-folder.js";

/** What a device keeps on its board beside its firmware: what it was given, what it noted, what it has not sent yet. */
const KEPT = ["settings", "nvs", "outbox"] as const;

/** A board at a serial port. */
export interface BoardAt {
	/** What esptool calls the chip: `esp32`, `esp32c3`, `esp32s3`. */
	readonly chip: string;
	/** Undefined for the first board that is found. */
	readonly port: string | undefined;
}

/** A board that was found. */
export type Found = Pick<BoardFlash, "port" | "mac">;

/** Puts an image of settings onto a board, and nothing anywhere else. */
export async function writeSettings(at: BoardAt, image: Uint8Array): Promise<Found> {
	const place = ourPartition("settings");
	return await withBoard(at, [place], async (flash, folder) => {
		const path = join(folder, "settings.bin");
		writeFileSync(path, image, { mode: 0o600 });
		await flash.write(place.offset, path);
	});
}

/** Takes off a board all that its device keeps there. */
export async function eraseKept(at: BoardAt): Promise<Found> {
	const places = KEPT.map(ourPartition);
	return await withBoard(at, places, async (flash) => {
		for (const { offset, size } of places) await flash.erase(offset, size);
	});
}

/** Does something to these partitions of a board, once its own table has said that it has them there. */
async function withBoard(
	{ chip, port }: BoardAt,
	places: readonly Partition[],
	run: (flash: BoardFlash, folder: string) => Promise<void>,
): Promise<Found> {
	const flash = new BoardFlash(await findEsptool(), chip, port);
	try {
		await inPrivateFolder(async (folder) => {
			const path = join(folder, "table.bin");
			await flash.read(TABLE_OFFSET, TABLE_BYTES, path);
			checkTable(readTable(readFileSync(path)), places);
			await run(flash, folder);
		});
	} finally {
		await flash.letGo();
	}
	return flash;
}

function checkTable(table: readonly Partition[], places: readonly Partition[]): void {
	const missing = places.find((place) => !hasPartition(table, place));
	if (missing === undefined) return;
	const why =
		table.length === 0
			? "no firmware was flashed onto it yet, or its flash is encrypted"
			: `its partition table has no "${missing.name}" where this version has it: it was flashed with other or older firmware`;
	throw new Fault(
		"The board",
		`${why}, and nothing was changed`,
		"flash the firmware over USB first: README, Flash a board",
	);
}
