import { beforeEach, describe, expect, it } from "vitest";
import { LinkRig, PLAIN, ROOTS } from "./link-rig.js";

let rig: LinkRig;
beforeEach(() => {
	rig = new LinkRig();
});

describe("coming online", () => {
	it("passes every stage once, with the certificate asked for the broker's name", () => {
		rig.start();
		expect(rig.states.filter((state, i, all) => state !== all[i - 1])).toEqual([
			"network",
			"address",
			"time",
			"name",
			"tcp",
			"tls",
			"mqtt",
			"online",
		]);
		expect(rig.link).toMatchObject({ connects: 1, failures: 0, lastError: undefined });
		expect(rig.session.versions).toEqual([5]);
		expect(rig.board.network.streams[0]?.options).toEqual({
			address: "10.0.0.1",
			port: 8883,
			tls: { serverName: "broker.test", roots: ROOTS },
		});
	});

	it("leaves the time out when the board knows it", () => {
		rig.board.clock.setWallMs(rig.board.world.trueMs);
		rig.start();
		expect(rig.states).not.toContain("time");
		expect(rig.link.state).toBe("online");
		expect(rig.time.requests).toBe(0);
		rig.board.world.advance(86_400_000);
		expect(rig.time.requests).toBe(1); // crystals drift
	});

	it("needs no name server for an address", () => {
		rig = new LinkRig({ ...PLAIN, host: "10.0.0.1" });
		rig.start();
		expect(rig.link.state).toBe("online");
		expect(rig.states).toContain("name");
	});

	it("says why the network does not come up at all", () => {
		rig.board.network.cut("wrong password");
		rig.start();
		expect(rig.link).toMatchObject({ state: "network", lastError: "wrong password", failedStage: "network" });
		rig.board.network.restore();
		rig.board.world.advance(5_000);
		expect(rig.link).toMatchObject({ state: "online", connects: 1 });
	});
});

describe("without a time server", () => {
	it("plain TCP goes online all the same, and the time is set when it can be", () => {
		rig = new LinkRig(PLAIN);
		rig.board.internet.names.delete("time.test");
		rig.start();
		expect(rig.link).toMatchObject({
			state: "online",
			lastError: "the name time.test of the time server was not found",
		});
		expect(rig.board.clock.wallMs()).toBeUndefined();
		rig.board.internet.names.set("time.test", "10.0.0.2");
		rig.board.world.advance(600_000);
		expect(rig.board.clock.wallMs()).toBeDefined();
		expect(rig.link).toMatchObject({ state: "online", connects: 1 });
	});

	it("plain TCP does not wait for it again at every connection", () => {
		rig = new LinkRig(PLAIN);
		rig.board.internet.blackHoles.add("10.0.0.2");
		rig.start(20_000);
		expect(rig.link.state).toBe("online");
		const asked = rig.states.filter((state) => state === "time").length;
		rig.board.network.streams[0]?.reset();
		rig.board.world.advance(5_000);
		expect(rig.link).toMatchObject({ state: "online", connects: 2 });
		expect(rig.states.filter((state) => state === "time")).toHaveLength(asked);
	});
});

describe("versions", () => {
	it("asks again at once in 3.1.1 when the server does not know MQTT 5, and stays with it", () => {
		rig.session.silent = true;
		rig.start();
		rig.session.silent = false;
		rig.call(() => rig.link.ended({ kind: "version", reason: "too new" }));
		rig.board.world.advance(1_000);
		expect(rig.session.versions).toEqual([5, 4]);
		expect(rig.link).toMatchObject({ state: "online", lastError: "too new", failures: 0 });
		expect(rig.pauses).toEqual([]);
	});

	it("pauses, and begins anew with MQTT 5, when the server knows neither", () => {
		rig.session.silent = true;
		rig.start();
		rig.call(() => rig.link.ended({ kind: "version", reason: "too new" }));
		rig.board.world.advance(500);
		rig.call(() => rig.link.ended({ kind: "version", reason: "too old" }));
		expect(rig.link).toMatchObject({ state: "waiting", lastError: "too old", cause: "version" });
		rig.board.world.until(() => rig.session.versions.length === 3, 10_000, 10);
		expect(rig.session.versions).toEqual([5, 4, 5]);
	});
});

describe("whatever goes wrong around it", () => {
	it("goes on when its handler throws, in any state", () => {
		for (let nth = 1; nth < 8; nth++) {
			rig = new LinkRig();
			let calls = 0;
			rig.note = () => {
				if (++calls === nth) throw new Error("handler");
			};
			try {
				rig.start(0);
			} catch {
				// thrown where the owner called
			}
			rig.board.world.advance(200_000);
			expect([nth, rig.link.state]).toEqual([nth, "online"]);
		}
	});

	it("goes on when the session does not close", () => {
		rig.start();
		rig.session.close = () => {
			throw new Error("stuck");
		};
		rig.board.network.cut();
		expect(rig.link.state).toBe("network");
	});

	it("hears nothing any more once it is stopped", () => {
		rig.start(150); // in the middle of joining
		rig.call(() => rig.link.stop());
		rig.board.world.advance(60_000);
		expect(rig.link).toMatchObject({ state: "off", connects: 0, dueMs: Number.POSITIVE_INFINITY });
	});
});
