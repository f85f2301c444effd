import { describe, expect, it } from "vitest";
import { Bench, hex, toHex } from "./bench.js";

const h = (text: string) => toHex(hex(text));

describe("what goes out", () => {
	it("has every property that its owner gives it (§3.3.2.3)", () => {
		const { session, stream } = new Bench().online(5);
		session.publish("t", "x", 0, false, 1, {
			responseTopic: "r",
			userProperties: [
				{ name: "a", value: "1" },
				{ name: "a", value: "" },
			],
		});
		expect(stream.take()).toEqual([h('30 16 00 01 "t" 11 08 00 01 "r" 26 00 01 "a" 00 01 "1" 26 00 01 "a" 00 00 "x"')]);
	});

	it("is at most as large as the server takes, and as we can make [MQTT-3.2.2-15]", () => {
		const bench = new Bench({ sendBytesMax: 60 }).online(5, "20 08 00 00 05 27 00 00 00 14");
		expect(bench.session.sendBytesMax).toBe(20);
		expect(new Bench({ sendBytesMax: 60 }).online(5).session.sendBytesMax).toBe(60);
		bench.session.publish("t", "x".repeat(15), 2, false, 4);
		bench.pass(0);
		expect(bench.handler.take()).toEqual([
			"acknowledged 4 A message to t is larger than the 20 bytes that can be sent",
		]);
		expect(bench.stream.take()).toEqual([]);
	});

	it("ends the connection when acknowledgements pile up", () => {
		const bench = new Bench().online(4);
		bench.stream.room = 0;
		for (let id = 1; id <= 61 && bench.session.state === "online"; id++)
			bench.receive(`62 02 00 ${id.toString(16).padStart(2, "0")}`);
		expect(bench.handler.take()).toEqual([
			"ended protocol: The broker broke the MQTT protocol: it sends messages and does not take their acknowledgements",
		]);
	});

	it("is acknowledged with a plain identifier where the version knows no reason codes", () => {
		expect(new Bench().online(4).receive("50 02 00 09").stream.take()).toEqual(["62 02 00 09"]);
		expect(new Bench().online(5).receive("50 02 00 09").stream.take()).toEqual(["62 04 00 09 92 00"]);
	});
});
