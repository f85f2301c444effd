import { describe, expect, it } from "vitest";
import { LinkRig, PLAIN } from "./link-rig.js";

const MIN_MS = 60_000;
const SECOND = { host: "10.0.0.5", port: 1883 };

function rig(): LinkRig {
	const made = new LinkRig(PLAIN, SECOND);
	made.board.internet.listen(SECOND.host, SECOND.port, () => ({ onData: () => undefined, onClose: () => undefined }));
	return made;
}

describe("two brokers", () => {
	it("are tried in order of preference", () => {
		const one = rig().start();
		expect([one.link.state, one.brokers]).toEqual(["online", [0]]);
	});

	it("stand in for each other: within seconds when the preferred one was never there", () => {
		const one = rig();
		one.board.internet.server("10.0.0.1", 1883)?.stop();
		one.start(5_000);
		expect([one.link.state, one.brokers]).toEqual(["online", [0, 1]]);
		expect(one.link.lastError).toContain("broker.test, port 1883");
	});

	it("after three attempts when it was there", () => {
		const one = rig().start(MIN_MS);
		one.board.internet.server("10.0.0.1", 1883)?.stop();
		one.board.network.streams[0]?.reset();
		expect(one.board.world.until(() => one.link.state === "online", MIN_MS, 100)).toBe(true);
		expect(one.brokers).toEqual([0, 0, 0, 1]); // online once, lost, and two attempts more
	});

	it("give way to the preferred one within 20 minutes, with a goodbye", () => {
		const one = rig();
		one.board.internet.server("10.0.0.1", 1883)?.stop();
		one.start(MIN_MS);
		expect([one.link.brokers.index, one.goodbyes]).toEqual([1, 0]);
		one.listen();
		one.board.world.advance(20 * MIN_MS);
		expect([one.link.state, one.link.brokers.index, one.goodbyes]).toEqual(["online", 0, 1]);
		one.board.world.advance(24 * 60 * MIN_MS);
		expect([one.link.connects, one.goodbyes]).toEqual([2, 1]);
	});

	it("are left for one that is still away more and more rarely, and for seconds", () => {
		const one = rig();
		one.board.internet.server("10.0.0.1", 1883)?.stop();
		one.start(10 * 24 * 60 * MIN_MS);
		expect(one.link.state).toBe("online");
		expect(one.goodbyes).toBeGreaterThanOrEqual(8);
		expect(one.goodbyes).toBeLessThanOrEqual(17);
		const offlineMs = one.history.reduce((sum, { state, atMs }, i) => {
			const next = one.history[i + 1];
			return state === "online" || next === undefined ? sum : sum + next.atMs - atMs;
		}, 0);
		expect(offlineMs).toBeLessThan(17 * 5_000);
	});

	it("are both asked when one refuses the password, each at its own pace", () => {
		const one = rig();
		one.session.refusal = "credentials";
		one.start(60 * MIN_MS);
		const second = one.brokers.filter((index) => index === 1).length;
		expect(second).toBeGreaterThan(10);
		expect(one.brokers.length - second).toBeGreaterThan(10);
		expect(one.brokers.length).toBeLessThanOrEqual(62); // none of them more than once a minute
	});
});

describe("a broker that sends us elsewhere", () => {
	it("is told of in plain words, and not obeyed: where to go is the owner's to say", () => {
		const one = new LinkRig(PLAIN).start();
		one.call(() => one.link.ended({ kind: "moved", reason: "the server has moved (b.example:8883)" }));
		expect(one.link).toMatchObject({
			state: "waiting",
			cause: "moved",
			lastError:
				"the server has moved (b.example:8883); this device goes only where its settings say: put the other address there",
		});
		expect(one.link.dueMs - one.board.clock.monotonicMs()).toBeGreaterThanOrEqual(MIN_MS);
	});
});
