import { describe, expect, it } from "vitest";
import { reasonOf } from "../../firmware/model/fault.js";
import { type CommandDocument, readCommand, readValue } from "../../firmware/runtime/command-document.js";
import { plainText } from "../virtual/text.js";

function read(document: unknown): CommandDocument {
	const json = typeof document === "string" ? document : JSON.stringify(document);
	return readCommand(plainText.encode(json), plainText);
}

/** Why a command is refused; "taken" when it is not. */
function refusal(document: unknown): string {
	try {
		read(document);
		return "taken";
	} catch (error) {
		return reasonOf(error);
	}
}

function value(payload: string | Uint8Array): unknown {
	return readValue(typeof payload === "string" ? plainText.encode(payload) : payload, plainText);
}

describe("a command", () => {
	it("says what is to be set, and what to do, by when", () => {
		const document = read({ id: "a1", set: { pump: "ON", lamp: { state: "OFF" } }, do: "report", expires: 5 });
		expect(document).toEqual({
			id: "a1",
			sets: new Map<string, unknown>([
				["pump", "ON"],
				["lamp", new Map([["state", "OFF"]])],
			]),
			action: "report",
			expiresMs: 5,
		});
	});

	it("may leave out everything but one thing to do", () => {
		const nothing = { id: undefined, sets: new Map(), action: undefined, expiresMs: undefined };
		expect(read({ do: "identify" })).toEqual({ ...nothing, action: "identify" });
		expect(read({ set: { pump: "ON" } })).toEqual({ ...nothing, sets: new Map([["pump", "ON"]]) });
	});

	it("may set what is called like a property that every object has", () => {
		expect([...read('{"set":{"__proto__":1,"constructor":2}}').sets]).toEqual([
			["__proto__", 1],
			["constructor", 2],
		]);
	});

	it.each([
		[[], "not a JSON object"],
		['"restart"', "not a JSON object"],
		["pump ON", "no JSON document"],
		["", "no JSON document"],
		['{"do":"report"', "closing brace"],
		['{"do":"report"} x', "something follows"],
		['{"do":"report","do":"restart"}', "a name comes twice"],
		[{ do: "report", now: true }, "a member other than"],
		[{ do: "explode" }, "do must be"],
		[{ do: 1 }, "do must be"],
		[{ do: null }, "do must be"],
		[{ id: "a1" }, "asks for nothing"],
		[{ set: {} }, "asks for nothing"],
		[{ set: "ON" }, "set must be"],
		[{ set: ["pump"] }, "set must be"],
		[{ id: "", do: "report" }, "id must be"],
		[{ id: 7, do: "report" }, "id must be"],
		[{ id: "x".repeat(65), do: "report" }, "id must be"],
		[{ do: "report", expires: "tomorrow" }, "expires must be"],
		[{ do: "report", expires: null }, "expires must be"],
	])("%j is refused: %s", (document, why) => {
		expect(refusal(document)).toContain(why);
	});

	it("takes an id of 64 characters", () => {
		expect(read({ id: "x".repeat(64), do: "report" }).id).toHaveLength(64);
	});

	it("is refused when it is not UTF-8", () => {
		const bytes = plainText.encode('{"do":"report"}');
		bytes[9] = 0xff;
		expect(() => readCommand(bytes, plainText)).toThrow("UTF-8");
	});
});

describe("the value on a set topic", () => {
	it.each([
		["ON", "ON"],
		["", ""],
		["true", "true"],
		["21.5", 21.5],
		["-3", -3],
		['"ON"', "ON"],
		['{"brightness":40}', new Map([["brightness", 40]])],
	])("%j is %j", (payload, expected) => {
		expect(value(payload)).toEqual(expected);
	});

	it.each([
		["21,5", "something follows"],
		["-", "no JSON document"],
		["4x", "something follows"],
		["1e999", "out of range"],
		['{"brightness"', "colon"],
		['"ON', "does not end"],
	])("%j is refused: %s", (payload, why) => {
		expect(() => value(payload)).toThrow(why);
	});

	it("is refused when it is not UTF-8", () => {
		expect(() => value(new Uint8Array([0x4f, 0xc3]))).toThrow("UTF-8");
	});
});
