import { describe, expect, it } from "vitest";
import { admissionFault } from "../../firmware/update/admission.js";

const ISSUED = 1_800_000_000;
const RELEASE = {
	device: "Greenhouse",
	target: "esp32",
	version: "1.4.0",
	size: 1_000,
	sha256: new Uint8Array(32),
	issued: ISSUED,
	older: false,
};
const PLACE = { device: "Greenhouse", target: "esp32", version: "1.3.9", room: 1_000, floor: 0, builtMs: 0 };

describe("what may take the place of what runs", () => {
	it.each([
		["a later version", {}, {}],
		["an older one, and the same, where the maker allows it", { older: true, version: "1.0.0" }, {}],
		["the same again, where the maker allows it", { older: true, version: "1.3.9" }, {}],
		["one of just the size", { size: 1_000 }, {}],
		["one signed a second after the last", {}, { floor: ISSUED - 1 }],
		["one signed on the day of the build", {}, { builtMs: ISSUED * 1_000 }],
	])("%s", (_, release, place) => {
		expect(admissionFault({ ...RELEASE, ...release }, { ...PLACE, ...place })).toBeUndefined();
	});

	it.each([
		["firmware for another device", { device: "Garage" }, {}, /for the device "Garage"/],
		["for another chip", { target: "esp32c3" }, {}, /for the target esp32c3/],
		["too large", { size: 1_001 }, {}, /1001 bytes are more than the 1000/],
		["older", { version: "1.3.8" }, {}, /older than 1.3.9/],
		["the same", { version: "1.3.9" }, {}, /runs here already/],
		["one that was installed before", {}, { floor: ISSUED }, /no later than the release/],
		["an older one that was allowed once", { older: true, version: "1.0.0" }, { floor: ISSUED }, /no later than/],
		["one signed before what runs was built", { older: true }, { builtMs: ISSUED * 1_000 + 1 }, /before the firmware/],
	])("not %s", (_, release, place, why) => {
		expect(admissionFault({ ...RELEASE, ...release }, { ...PLACE, ...place })).toMatch(why);
	});
});
