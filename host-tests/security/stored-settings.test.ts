import { describe, expect, it } from "vitest";
import { readStoredSettings, SETTINGS_HEAD_BYTES } from "../../firmware/security/stored-settings.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { settingsImage } from "../../scripts/provision/settings-image.js";
import { VirtualFlash } from "../virtual/flash.js";
import { plainText } from "../virtual/text.js";

const ROOM = 16_384;
const SETTINGS = {
	id: "pump-7",
	broker: { host: "broker.example", port: 1_883 },
	// Longer than a segment: it must be put together.
	keys: Array.from({ length: 60 }, (_, n) => `key-${n}:HS256:${"x".repeat(80)}`),
	roots: [],
	releaseRoots: [],
	identities: [],
};
const needs = { crypto: nodeCrypto, text: plainText };

function flashWith(image: Uint8Array): VirtualFlash {
	const flash = new VirtualFlash(4);
	flash.content.set(image);
	return flash;
}

describe("settings in a board's flash", () => {
	it("are none where nothing was written, or something else", () => {
		expect(readStoredSettings(new VirtualFlash(4), needs)).toBeUndefined();
		for (const byte of [0, 0x46])
			expect(readStoredSettings(flashWith(Buffer.alloc(ROOM, byte)), needs)).toBeUndefined();
	});

	it("are read across segments, with a mark that is another for every writing", () => {
		const [first, second] = [settingsImage(SETTINGS, ROOM), settingsImage(SETTINGS, ROOM)].map((image) =>
			readStoredSettings(flashWith(image), needs),
		);
		expect(first).toMatchObject({ id: "pump-7", keys: SETTINGS.keys });
		expect(first?.origin).toMatch(/^[\w-]{11}$/);
		expect(second?.origin).not.toBe(first?.origin);
		const image = settingsImage(SETTINGS, ROOM);
		const read = () => readStoredSettings(flashWith(image), needs)?.origin;
		expect(read()).toBe(read());
	});

	it("are there whole or not at all, wherever their writing was cut off", () => {
		const image = settingsImage(SETTINGS, ROOM);
		const used = image.lastIndexOf("x") + 1;
		for (const old of [Buffer.alloc(ROOM, 0xff), settingsImage({ ...SETTINGS, id: "older" }, ROOM)]) {
			for (let cut = 0; cut < used; cut += cut < 64 ? 1 : 97) {
				// esptool erases first, sector by sector, and then writes.
				const torn = Buffer.concat([image.subarray(0, cut), old.subarray(cut)]);
				const flash = flashWith(torn);
				const read = () => readStoredSettings(flash, needs);
				if (torn.indexOf("FPS") !== 0) expect(read()).toBeUndefined();
				else if (torn.equals(old)) expect(read()).toMatchObject({ id: "older" });
				else expect(read).toThrow(/^they (are not whole|were made for other firmware|are longer than their place)$/);
			}
		}
	});

	it.each([
		["they were made for other firmware", (image: Buffer) => image.fill(2, 3, 4)],
		["they are longer than their place", (image: Buffer) => image.writeUInt32BE(ROOM - SETTINGS_HEAD_BYTES + 1, 4)],
		["they are longer than their place", (image: Buffer) => image.writeUInt32BE(0xffff_ffff, 4)],
		["they are not whole", (image: Buffer) => image.writeUInt32BE(0, 4)],
		["they are not whole", (image: Buffer) => image.fill(0, 8, 40)],
		["they are not whole", (image: Buffer) => image.fill(0, 999, 1_000)],
	])("are refused because %s", (why, spoil) => {
		const image = settingsImage(SETTINGS, ROOM);
		spoil(image);
		expect(() => readStoredSettings(flashWith(image), needs)).toThrow(why);
	});

	it("are refused whichever bit is another", () => {
		const image = settingsImage({ ...SETTINGS, keys: [] }, ROOM);
		const length = SETTINGS_HEAD_BYTES + image.readUInt32BE(4);
		for (let bit = 0; bit < length * 8; bit++) {
			const spoiled = Buffer.from(image);
			spoiled.writeUInt8((spoiled[bit >> 3] as number) ^ (1 << (bit & 7)), bit >> 3);
			const read = () => readStoredSettings(flashWith(spoiled), needs);
			if (bit < 24) expect(read()).toBeUndefined();
			else expect(read, `bit ${bit}`).toThrow();
		}
	});

	it("leave nothing of older ones behind them", () => {
		expect(settingsImage(SETTINGS, ROOM)).toHaveLength(ROOM);
		expect(() => settingsImage(SETTINGS, 4_096)).toThrow("a board has room for 4096");
	});
});
