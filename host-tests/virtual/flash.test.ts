import { describe, expect, it } from "vitest";
import { runChecks } from "../contracts/run-checks.js";
import { segmentsContract } from "../contracts/segments-contract.js";
import { VirtualFlash } from "./flash.js";
import { PowerCut } from "./store.js";

runChecks(
	"the virtual flash",
	segmentsContract(() => {
		const segments = new VirtualFlash();
		return { segments, reopen: () => segments };
	}),
);

describe("the virtual flash", () => {
	it("refuses to turn a zero into a one", () => {
		const flash = new VirtualFlash();
		flash.write(0, 0, Uint8Array.of(0x0f));
		expect(() => flash.write(0, 0, Uint8Array.of(0xf0))).toThrow("byte 0 of segment 0 was not erased");
	});

	it("ends a write and an erase where the power goes, and is dead until it is back", () => {
		const flash = new VirtualFlash(4, 256);
		let cuts = 0;
		flash.cutPowerAfter(2, () => cuts++);
		expect(() => flash.write(0, 0, Uint8Array.of(1, 2, 3))).toThrow(PowerCut);
		expect([...flash.content.subarray(0, 4), cuts]).toEqual([1, 2, 255, 255, 1]);
		expect(() => flash.read(0, 0, new Uint8Array(1))).toThrow(PowerCut);
		flash.reset();
		flash.write(1, 0, new Uint8Array(256));
		flash.cutPowerAfter(1);
		expect(() => flash.erase(1)).toThrow(PowerCut);
		flash.reset();
		expect([flash.content[256], flash.content[256 + 63], flash.content[256 + 64]]).toEqual([255, 255, 0]);
	});

	it("counts what wears it", () => {
		const flash = new VirtualFlash(4, 256);
		flash.write(0, 0, new Uint8Array(5));
		flash.erase(2);
		flash.erase(2);
		expect([flash.writes, flash.bytesWritten, [...flash.erases]]).toEqual([1, 5, [0, 0, 2, 0]]);
		flash.broken = true;
		expect(() => flash.write(0, 9, new Uint8Array(1))).toThrow("flash is broken");
		expect(() => flash.erase(0)).toThrow("flash is broken");
	});
});
