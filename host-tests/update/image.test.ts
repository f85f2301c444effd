import { createHash } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import { Image, SECTOR_BYTES } from "../../firmware/update/image.js";
import { virtualImage } from "../virtual/image.js";
import { VirtualSlots } from "../virtual/slots.js";

const BYTES = Uint8Array.from({ length: 5 * SECTOR_BYTES + 10 }, (_, at) => at >> 4);
const SHA256 = new Uint8Array(createHash("sha256").update(BYTES).digest());
const RELEASE = {
	device: "",
	target: "",
	version: "1.0.0",
	size: BYTES.length,
	sha256: SHA256,
	issued: 1,
	older: false,
};

let slots: VirtualSlots;
beforeEach(() => {
	slots = new VirtualSlots(virtualImage(new Uint8Array(9)), () => {
		const hash = createHash("sha256");
		return { write: (bytes) => void hash.update(bytes), end: () => hash.digest() };
	});
});

function fill(image: Image, ...sectors: number[]): void {
	for (const sector of sectors) {
		image.erase(sector);
		image.write(sector, BYTES.subarray(sector * SECTOR_BYTES, sector * SECTOR_BYTES + image.lengthOf(sector)));
	}
}

it("is whole and genuine when every sector is, in whatever order they came", () => {
	const image = new Image(slots, RELEASE);
	expect([image.count, image.lengthOf(0), image.lengthOf(5), image.missing(0)]).toEqual([6, SECTOR_BYTES, 10, 0]);
	fill(image, 5, 0, 2);
	expect([image.written, image.missing(0), image.missing(2), image.canDigest]).toEqual([3, 1, 3, true]);
	image.digestNext();
	expect(image.canDigest).toBe(false);
	fill(image, 4, 1, 3);
	while (image.canDigest) image.digestNext();
	expect([image.isWhole, image.missing(0), image.isGenuine()]).toEqual([true, -1, true]);
});

it("is not genuine when one bit in flash is not", () => {
	const image = new Image(slots, RELEASE);
	fill(image, 0, 1, 2, 3, 4, 5);
	slots.content[1][12_345] = (slots.content[1][12_345] as number) ^ 8;
	while (image.canDigest) image.digestNext();
	expect([image.isWhole, image.isGenuine()]).toEqual([true, false]);
});

it("does not take a sector for written that was not", () => {
	const image = new Image(slots, RELEASE);
	image.erase(0);
	slots.broken = true;
	expect(() => image.write(0, BYTES.subarray(0, SECTOR_BYTES))).toThrow("flash is broken");
	expect([image.has(0), image.written, image.missing(0)]).toEqual([false, 0, 0]);
});

it("knows after a restart what was there, and takes nothing for it that is not of this image", () => {
	const image = new Image(slots, RELEASE);
	fill(image, 0, 3, 5);
	expect(image.saved()).toBe("94");
	const again = new Image(slots, RELEASE, "94");
	expect([again.written, again.has(0), again.has(1), again.has(3), again.has(5)]).toEqual([3, true, false, true, true]);
	expect(new Image(slots, RELEASE, "ff").written).toBe(6);
	for (const other of ["", "9", "940", "xy"]) expect(new Image(slots, RELEASE, other).written).toBe(0);
});

it("looks at everything again when a sector is lost", () => {
	const image = new Image(slots, RELEASE, "fc");
	for (let sector = 0; sector < 6; sector++) slots.content[1].set(BYTES);
	while (image.canDigest) image.digestNext();
	expect(image.isWhole).toBe(true);
	image.lose(2);
	image.lose(2);
	expect([image.written, image.isWhole, image.saved()]).toEqual([5, false, "dc"]);
	fill(image, 2);
	while (image.canDigest) image.digestNext();
	expect(image.isGenuine()).toBe(true);
});
