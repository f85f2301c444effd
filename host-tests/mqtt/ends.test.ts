import { describe, expect, it } from "vitest";
import { disconnected, isOldAnswer, refusedConnection, refusedFilter } from "../../firmware/mqtt/ends.js";
import type { Packet } from "../../firmware/mqtt/packet.js";
import { hex } from "./bench.js";

const packet = (fields: object) => fields as Packet;

describe("how a connection ends, in words", () => {
	it("says why a connection was refused, and what the server says", () => {
		expect(refusedConnection(packet({ returnCode: 5 }), 4)).toEqual({
			kind: "credentials",
			reason: "The broker refused the connection: user name, password or client id is wrong, or has no permission",
		});
		const properties = { reasonString: "come back later", serverReference: "other.example:8883" };
		expect(refusedConnection(packet({ reasonCode: 0x9c, properties }), 5)).toEqual({
			kind: "moved",
			reason:
				"The broker refused the connection: another server is to be used for now (other.example:8883) " +
				'("come back later")',
		});
	});

	it("passes on no more than a hundred characters of the server's", () => {
		const { reason } = disconnected(packet({ reasonCode: 0, properties: { reasonString: "x".repeat(500) } }));
		expect(reason).toBe(`The broker closed the connection ("${"x".repeat(100)}")`);
	});

	it("says that another client has the same id", () => {
		expect(disconnected(packet({ reasonCode: 0x8e }))).toEqual({
			kind: "taken",
			reason: "The broker closed the connection: another client connected with the same client id",
		});
	});

	it("names the first filter refused", () => {
		expect(refusedFilter("the subscription to", ["a", "b"], [1, 0])).toBeUndefined();
		expect(refusedFilter("the subscription to", ["a", "b", "c"], [1, 0x87, 0x80])).toBe(
			"The broker refused the subscription to b: the user name or client id has no permission",
		);
	});

	it("knows the CONNACK of an old server by its two bytes", () => {
		expect(isOldAnswer(hex("20 02 00 01"), 0, 4)).toBe(true);
		expect(isOldAnswer(hex("20 03 00 84 00"), 0, 5)).toBe(false);
		expect(isOldAnswer(hex("40 02 00 01"), 0, 4)).toBe(false);
	});
});
