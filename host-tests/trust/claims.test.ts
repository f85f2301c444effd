import { describe, expect, it } from "vitest";
import { readClaims } from "../../firmware/trust/claims.js";
import { pcText } from "../../scripts/board/text.js";
import { bytesOf } from "./owner.js";

const NOW_S = 1_790_000_000;
const good = { aud: "greenhouse", iat: NOW_S - 1, exp: NOW_S + 60, jti: "a", command: { set: { pump: "ON" } } };

function read(claims: unknown, nowS = NOW_S, purpose: "command" | "order" = "command") {
	const payload = bytesOf(typeof claims === "string" ? claims : JSON.stringify(claims));
	return readClaims(payload, purpose, { device: "greenhouse", nowS, text: pcText });
}

describe("claims", () => {
	it("say what is to be done, and when that was asked for", () => {
		const command = new Map([["set", new Map([["pump", "ON"]])]]);
		expect(read(good)).toEqual({ issuedS: NOW_S - 1, name: "a", content: command });
	});

	it("are those of a command or of an order, and never of the other", () => {
		const { command, ...rest } = good;
		const order = { ...rest, order: { do: "cancel" } };
		expect(read(order, NOW_S, "order").content).toEqual(new Map([["do", "cancel"]]));
		expect(() => read(order)).toThrow("there is no command in it");
		expect(() => read(good, NOW_S, "order")).toThrow("there is no order in it");
		expect(() => read({ ...order, command })).toThrow("a claim other than");
		expect(() => read({ ...order, command }, NOW_S, "order")).toThrow("a claim other than");
	});

	it("may hold fractions of a second", () => {
		expect(read({ ...good, iat: NOW_S - 0.5, exp: NOW_S + 0.5 }).issuedS).toBe(NOW_S - 1);
	});

	it("hold from a minute before they were made until they expire", () => {
		expect(read({ ...good, iat: NOW_S + 60 }).issuedS).toBe(NOW_S + 60);
		expect(read(good, NOW_S + 59.9).name).toBe("a");
	});

	it.each([
		[{ ...good, aud: "garage" }, "not for this device"],
		[{ ...good, aud: ["greenhouse"] }, "not for this device"],
		[{ ...good, aud: undefined }, "not for this device"],
		[{ ...good, jti: "" }, "no name"],
		[{ ...good, jti: 7 }, "no name"],
		[{ ...good, jti: "x".repeat(65) }, "no name"],
		[{ ...good, iat: undefined }, "when it was made"],
		[{ ...good, iat: "1790000000" }, "when it was made"],
		[{ ...good, iat: -1 }, "when it was made"],
		[{ ...good, exp: undefined }, "until when"],
		[{ ...good, exp: NOW_S }, "has expired"],
		[{ ...good, exp: NOW_S - 100 }, "has expired"],
		[{ ...good, exp: NOW_S + 86_400 }, "more than a day"],
		[{ ...good, exp: 1e300 }, "more than a day"],
		[{ ...good, iat: NOW_S + 61 }, "in the future"],
		[{ ...good, iat: NOW_S * 1_000, exp: NOW_S * 1_000 + 60 }, "in the future"],
		[{ ...good, command: "ON" }, "no command"],
		[{ ...good, command: undefined }, "no command"],
		[{ ...good, nbf: NOW_S }, "a claim other"],
		["[]", "not an object"],
		["", "JSON"],
		[`{"aud":"garage",${JSON.stringify(good).slice(1)}`, "twice"],
	])("%j are refused", (claims, why) => {
		expect(() => read(claims)).toThrow(why);
	});
});
