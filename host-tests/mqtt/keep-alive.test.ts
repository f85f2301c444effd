import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeepAlive } from "../../firmware/mqtt/keep-alive.js";

describe("keep-alive (MQTT 5 §3.1.2.10)", () => {
	it("is off at 0", () => {
		const keepAlive = new KeepAlive();
		expect(keepAlive.dueMs()).toBe(Number.POSITIVE_INFINITY);
		keepAlive.start(0, 1_000);
		expect(keepAlive.dueMs()).toBe(Number.POSITIVE_INFINITY);
	});

	it("pings within the keep-alive after the last packet sent, or the last one that came", () => {
		const keepAlive = new KeepAlive();
		keepAlive.start(10, 0);
		expect(keepAlive.dueMs()).toBe(9_000);
		keepAlive.sent(5_000);
		expect(keepAlive.dueMs()).toBe(9_000); // nothing came since 0
		keepAlive.received(6_000);
		expect(keepAlive.dueMs()).toBe(14_000);
	});

	it("gives up half a keep-alive after the ping, whatever else comes", () => {
		const keepAlive = new KeepAlive();
		keepAlive.start(10, 0);
		keepAlive.pinged(9_000);
		keepAlive.sent(9_500);
		keepAlive.received(10_000);
		expect(keepAlive.waiting).toBe(true);
		expect(keepAlive.dueMs()).toBe(14_000);
		keepAlive.answered();
		expect(keepAlive.waiting).toBe(false);
		expect(keepAlive.dueMs()).toBe(18_500);
	});

	it("finds a dead peer within one and a half keep-alives, however much is sent", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 65_535 }),
				fc.array(fc.nat(10_000), { maxLength: 50 }),
				(seconds, sends) => {
					const keepAlive = new KeepAlive();
					keepAlive.start(seconds, 0); // the peer dies at once
					let nowMs = 0;
					const pauses = [...sends, Number.POSITIVE_INFINITY];
					for (const pause of pauses) {
						while (keepAlive.dueMs() <= nowMs + pause) {
							nowMs = keepAlive.dueMs();
							if (keepAlive.waiting) {
								expect(nowMs).toBeLessThanOrEqual(1_500 * seconds);
								return;
							}
							keepAlive.pinged(nowMs);
							keepAlive.sent(nowMs);
						}
						nowMs += pause;
						keepAlive.sent(nowMs);
					}
				},
			),
		);
	});
});
