import { describe, expect, it } from "vitest";
import { CONNACK, DISCONNECT, PUBACK, PUBLISH, SUBACK } from "../../firmware/mqtt/packet.js";
import { place, propertyRule } from "../../firmware/mqtt/property-rules.js";

// MQTT 5 table 2-4, the rows of what a server may send to a client that asks for nothing special.
const TABLE: readonly [type: number, name: string, ids: readonly number[]][] = [
	[CONNACK, "CONNACK", [17, 18, 19, 28, 31, 33, 34, 36, 37, 38, 39, 40, 41, 42]],
	[PUBLISH, "PUBLISH", [1, 2, 3, 8, 9, 11, 35, 38]],
	[PUBACK, "PUBACK", [31, 38]],
	[SUBACK, "SUBACK", [31, 38]],
	[DISCONNECT, "DISCONNECT", [28, 31, 38]],
];

describe("which properties may stand where", () => {
	it.each(TABLE)("packet type %i, %s", (type, _name, ids) => {
		const allowed = Array.from({ length: 256 }, (_, id) => id).filter((id) => (propertyRule(id) & place(type)) !== 0);
		expect(allowed).toEqual(ids);
	});
});
