import { describe, expect, it } from "vitest";
import type { Signing, Warrant } from "../../firmware/model/signing.js";
import type { CommandDocument } from "../../firmware/runtime/command-document.js";
import { markedId, signedInVain, unproved } from "../../firmware/runtime/proof.js";

const warrant: Warrant = {
	asksMore: false,
	restarts: false,
	admit: () => "it was here before",
	objection: () => undefined,
	perform: () => undefined,
};
const signing = { wants: (id: string | undefined) => id === undefined || id === "pump" } as unknown as Signing;

function documentOf(more: Partial<CommandDocument>): CommandDocument {
	return {
		id: "a",
		sets: new Map(),
		action: undefined,
		expiresMs: undefined,
		warrant: undefined,
		...more,
	} as CommandDocument;
}

const pump = new Map([["pump", "ON"]]);

describe("a command", () => {
	it("of a device that wants no signatures needs no proof", () => {
		expect(unproved(documentOf({ sets: pump, action: "restart" }), undefined, undefined)).toBeUndefined();
	});

	it("that is not signed may do what wants no signature, and nothing else", () => {
		expect(unproved(documentOf({ sets: new Map([["lamp", "ON"]]) }), signing, undefined)).toBeUndefined();
		expect(unproved(documentOf({ sets: pump }), signing, undefined)).toContain("not signed");
		expect(unproved(documentOf({ action: "report" }), signing, undefined)).toContain("not signed");
		expect(unproved(documentOf({ log: "info" }), signing, undefined)).toContain("not signed");
	});

	it("that is signed is admitted, where it belongs", () => {
		expect(unproved(documentOf({ sets: pump, warrant }), signing, undefined)).toBe("it was here before");
		expect(unproved(documentOf({ sets: pump, warrant }), signing, "pump")).toBe("it was here before");
		for (const document of [
			documentOf({ sets: pump, warrant }),
			documentOf({ warrant }),
			documentOf({ sets: new Map([["lamp", "ON"]]), log: "info", warrant }),
			documentOf({ sets: new Map([["lamp", "ON"]]), action: "restart", warrant }),
			documentOf({ sets: new Map([["lamp", "ON"]]), warrant: { ...warrant, asksMore: true } }),
		])
			expect(unproved(document, signing, "lamp")).toContain("something else");
	});

	it("has one id when it is signed and another when it is not", () => {
		expect(markedId("a", documentOf({}))).not.toBe(markedId("a", documentOf({ warrant })));
	});
});

describe("a device that wants nothing signed", () => {
	const text = (payload: string) => new TextEncoder().encode(payload);

	it("says so of what is", () => {
		expect(signedInVain(undefined, text("eyJhbGciOiJIUzI1NiJ9.e30.x"))).toContain("this device takes what is not");
		expect(signedInVain(undefined, text('{"do":"restart"}'))).toBeUndefined();
		expect(signedInVain(signing, text("eyJhbGciOiJIUzI1NiJ9.e30.x"))).toBeUndefined();
	});
});
