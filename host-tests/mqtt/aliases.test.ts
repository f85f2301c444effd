import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Aliases } from "../../firmware/mqtt/aliases.js";
import { Bench, hex, toHex } from "./bench.js";

const h = (text: string) => toHex(hex(text));

describe("topic aliases of what we send (§3.3.2.3.4)", () => {
	it("are sent with their topic once, and without it from then on", () => {
		const { session, stream } = new Bench().online(5, "20 06 00 00 03 22 00 02");
		for (const payload of ["1", "2"]) session.publish("topic", payload, 0, false, 1);
		session.publish("other", "3", 1, false, 1);
		session.publish("topic", "4", 0, false, 1, { contentType: "c" });
		expect(stream.take()).toEqual([
			h('30 0c 00 05 "topic" 03 23 00 01 "1"'),
			h('30 07 00 00 03 23 00 01 "2"'),
			h('32 0e 00 05 "other" 00 01 03 23 00 02 "3"'),
			h('30 0b 00 00 07 23 00 01 03 00 01 "c" "4"'),
		]);
	});

	it("are not used beyond what the server takes, which is none unless it says so [MQTT-3.2.2-17, -18]", () => {
		const none = new Bench().online(5);
		none.session.publish("t", "", 0, false, 1);
		none.session.publish("t", "", 0, false, 1);
		expect(none.stream.take()).toEqual([h('30 04 00 01 "t" 00'), h('30 04 00 01 "t" 00')]);
	});

	it("are the connection's own [MQTT-3.3.2-7]", () => {
		const bench = new Bench().online(5, "20 06 00 00 03 22 00 02");
		bench.session.publish("t", "", 0, false, 1);
		bench.online(5, "20 06 00 00 03 22 00 02").session.publish("t", "", 0, false, 1);
		expect(bench.stream.take()).toEqual([h('30 07 00 01 "t" 03 23 00 01')]);
		bench.online(4).session.publish("t", "", 0, false, 1);
		expect(bench.stream.take()).toEqual([h('30 03 00 01 "t"')]);
	});

	it("count only when the packet went out", () => {
		const bench = new Bench().online(5, "20 06 00 00 03 22 00 02");
		bench.stream.room = 0;
		expect(bench.session.publish("t", "", 0, false, 1)).toBe(false);
		bench.stream.room = 9;
		bench.session.onWritable();
		bench.session.publish("t", "", 0, false, 1);
		expect(bench.stream.take()).toEqual([h('30 07 00 01 "t" 03 23 00 01')]);
	});

	it("are left out where the packet would be too large with them", () => {
		const bench = new Bench().online(5, "20 0b 00 00 08 22 00 02 27 00 00 00 08");
		bench.session.publish("t", "12", 0, false, 1);
		expect(bench.stream.take()).toEqual([h('30 06 00 01 "t" 00 "12"')]);
	});

	/** What the server knows: every alias stands for the topic it was last sent with. */
	it("always stand at the server for what we think, and spare a topic that is used often", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 12 }), fc.array(fc.tuple(fc.nat(14), fc.boolean())), (max, uses) => {
				const aliases = new Aliases();
				aliases.begin(max);
				const server = new Map<number, string>();
				for (const [number, goes] of uses) {
					const topic = `topic-${number}`;
					aliases.look(topic);
					expect(aliases.alias).toBeLessThanOrEqual(max);
					if (aliases.known) expect(server.get(aliases.alias)).toBe(topic);
					if (goes && aliases.alias > 0) server.set(aliases.alias, topic);
					if (goes) aliases.sent(topic);
				}
			}),
		);
		const aliases = new Aliases();
		aliases.begin(2);
		let spared = 0;
		for (let round = 0; round < 50; round++) {
			for (const topic of ["often", `once-${round}`, "often", "often"]) {
				aliases.look(topic);
				if (topic === "often" && aliases.known) spared++;
				aliases.sent(topic);
			}
		}
		expect(spared).toBeGreaterThan(130);
	});
});
