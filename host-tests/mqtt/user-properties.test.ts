import { expect, it } from "vitest";
import { Shape } from "../../firmware/mqtt/shape.js";
import { LentUserProperties } from "../../firmware/mqtt/user-properties.js";
import { nodeText } from "./bench.js";
import { reference } from "./reference.js";

/** Those of a PUBLISH that has these, in this order. */
function lent(...pairs: readonly (readonly [string, string])[]): LentUserProperties {
	const userProperties: Record<string, string[]> = Object.create(null);
	for (const [name, value] of pairs) userProperties[name] = [...(userProperties[name] ?? []), value];
	const packet = { cmd: "publish", topic: "t", payload: "", qos: 0, properties: { contentType: "x", userProperties } };
	const bytes = reference(packet, 5);
	const shape = new Shape();
	expect(shape.read(bytes, 0, bytes.length, 5), shape.fault?.reason).toBe(true);
	return new LentUserProperties(shape, nodeText);
}

function all(properties: LentUserProperties): [string, string][] {
	return Array.from({ length: properties.count }, (_, index) => [properties.name(index), properties.value(index)]);
}

it("come as pairs, in their order, names repeated and empty ones too", () => {
	const pairs = [
		["unit", "°C"],
		["unit", "K"],
		["", ""],
		["😀", ""],
	] as const;
	const properties = lent(...pairs);
	expect(all(properties)).toEqual(pairs);
	expect(properties.find("unit")).toBe("°C");
	expect(properties.find("")).toBe("");
	expect(properties.find("units")).toBeUndefined();
});

it("never become names of an object's properties", () => {
	const properties = lent(["toString", "a"], ["constructor", "b"]);
	expect(properties.find("toString")).toBe("a");
	expect(properties.find("hasOwnProperty")).toBeUndefined();
	expect(Object.keys(properties)).not.toContain("constructor");
});

it("are bounded in number and in bytes", () => {
	expect(lent(...Array.from({ length: 40 }, (_, index) => ["n", `${index}`] as const)).count).toBe(16);
	// A pair takes its two lengths, its name and its value: 4 + 1 + 251 bytes.
	const quarter = ["n", "x".repeat(251)] as const;
	expect(lent(quarter, quarter, quarter, quarter).count).toBe(4);
	expect(lent(quarter, quarter, quarter, ["n", "x".repeat(252)]).count).toBe(3);
	expect(lent(["n", "x".repeat(2_000)], ["m", "y"]).count).toBe(0);
});

it("are gone with their message", () => {
	const properties = lent(["a", "b"]);
	properties.release();
	expect(properties.count).toBe(0);
	expect([properties.name(0), properties.value(0), properties.find("a")]).toEqual(["", "", undefined]);
});

it("are nothing beyond the last", () => {
	const properties = lent(["a", "b"]);
	for (const index of [-1, 1, 16]) expect([properties.name(index), properties.value(index)]).toEqual(["", ""]);
});
