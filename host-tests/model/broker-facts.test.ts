import { expect, it } from "vitest";
import { factsOf } from "../../firmware/model/broker-facts.js";

it("tells of a broker what a cloud may find fault with", () => {
	const tls = { roots: [], identity: { certificates: [], key: new Uint8Array(0) } };
	expect(factsOf({ host: "h", port: 443, username: "u", password: "p", webSocketPath: "/mqtt", tls }, "home")).toEqual({
		root: "home",
		host: "h",
		port: 443,
		username: "u",
		password: "p",
		encrypted: true,
		certificate: true,
		webSocket: true,
	});
	expect(factsOf({ host: "h", port: 8_883, tls: { roots: [] } })).toMatchObject({
		encrypted: true,
		certificate: false,
	});
	expect(factsOf({ host: "h", port: 1_883 })).toEqual({
		root: "farpin",
		host: "h",
		port: 1_883,
		username: undefined,
		password: undefined,
		encrypted: false,
		certificate: false,
		webSocket: false,
	});
});
