import { describe, expect, it } from "vitest";
import { acceptFor, newKey, requestFor } from "../../firmware/net/websocket-request.js";
import { plainText } from "../virtual/text.js";

const tls = { roots: [] };

describe("the opening request of a WebSocket", () => {
	it("is the one of RFC 6455 §4.1, for MQTT, byte for byte", () => {
		expect(requestFor({ host: "broker.example", port: 8083 }, "/mqtt?a=1", "dGhlIHNhbXBsZSBub25jZQ==")).toBe(
			[
				"GET /mqtt?a=1 HTTP/1.1",
				"Host: broker.example:8083",
				"Upgrade: websocket",
				"Connection: Upgrade",
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
				"Sec-WebSocket-Version: 13",
				"Sec-WebSocket-Protocol: mqtt",
				"",
				"",
			].join("\r\n"),
		);
	});

	it.each([
		[{ host: "h", port: 80 }, "h"],
		[{ host: "h", port: 443 }, "h:443"],
		[{ host: "h", port: 443, tls }, "h"],
		[{ host: "h", port: 80, tls }, "h:80"],
	])("names the port of %j unless it is the usual one", (broker, host) => {
		expect(requestFor(broker, "/", "k")).toContain(`\r\nHost: ${host}\r\n`);
	});

	it("has a key of 16 random bytes, or none when the board has none", () => {
		expect(newKey({ random: (into) => void into.set(Buffer.from("the sample nonce")) })).toBe(
			"dGhlIHNhbXBsZSBub25jZQ==",
		);
		const broken = {
			random: (): never => {
				throw new Error("no entropy");
			},
		};
		expect(newKey(broken)).toBeUndefined();
	});

	it("is answered with the digest of §1.3", () => {
		expect(acceptFor("dGhlIHNhbXBsZSBub25jZQ==", plainText)).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	});
});
