import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { reasonOf } from "../../firmware/model/fault.js";
import { json } from "../../firmware/model/json.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import { type CommandDocument, readCommand, readValue } from "../../firmware/runtime/command-document.js";
import { plainText } from "../virtual/text.js";

function read(document: unknown): CommandDocument {
	const payload = plainText.encode(typeof document === "string" ? document : JSON.stringify(document));
	return readCommand({ payload }, plainText, json);
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
		[[], "not an object"],
		['"restart"', "not an object"],
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
		expect(() => readCommand({ payload: bytes }, plainText, json)).toThrow("UTF-8");
	});

	const asked = { id: "a1", set: { pump: "ON", target: 21.5 }, expires: 1_700_000_000_000 };
	const types = [undefined, "", "text/plain", "application/json", "application/json; charset=utf-8"];
	const packedTypes = [
		undefined,
		"text/plain",
		"application/vnd.msgpack",
		"application/msgpack",
		"application/x-msgpack",
	];

	it.each(types)("is JSON where the Content Type is %s, whatever the device speaks", (contentType) => {
		const payload = plainText.encode(JSON.stringify(asked));
		for (const own of [json, messagePack])
			expect(readCommand({ payload, contentType }, plainText, own)).toEqual(read(asked));
	});

	it.each(packedTypes)("is MessagePack where the Content Type is %s, if the device speaks it", (contentType) => {
		const payload = encode(asked);
		expect(readCommand({ payload, contentType }, plainText, messagePack)).toEqual(read(asked));
		expect(() => readCommand({ payload, contentType }, plainText, json)).toThrow(
			"it is in MessagePack, and this device reads JSON",
		);
	});

	it("is what its Content Type says, even when it looks like something else", () => {
		const text = plainText.encode(JSON.stringify(asked));
		const asPacked = { payload: text, contentType: "application/vnd.msgpack" };
		expect(() => readCommand(asPacked, plainText, messagePack)).toThrow("follows the MessagePack document");
		const asJson = { payload: encode(asked), contentType: "application/json" };
		expect(() => readCommand(asJson, plainText, messagePack)).toThrow("no JSON document");
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
