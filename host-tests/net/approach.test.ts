import { beforeEach, describe, expect, it } from "vitest";
import { LinkRig, PLAIN } from "./link-rig.js";

let rig: LinkRig;
beforeEach(() => {
	rig = new LinkRig();
});

/** The server ends the connection. */
function drop(): void {
	rig.board.world.advance(40_000);
	rig.call(() => rig.link.ended({ kind: "network", reason: "dropped" }));
}

describe("a name that cannot be looked up any more", () => {
	it("keeps the address it had, and the certificate is still checked for the name", () => {
		rig.start();
		rig.board.internet.names.delete("broker.test");
		drop();
		expect(rig.board.world.until(() => rig.link.state === "online", 10_000, 10)).toBe(true);
		expect(rig.link).toMatchObject({
			connects: 2,
			lastError: "the name broker.test was not found: going on with the address it had before",
		});
		expect(rig.board.network.streams.at(-1)?.options.tls?.serverName).toBe("broker.test");
		rig.listen(["somebody.else"]);
		drop();
		rig.board.world.advance(10_000);
		expect(rig.link.lastError).toBe(
			'no connection to broker.test, port 8883: TLS refused: its certificate is not for "broker.test"',
		);
	});

	it("does the same when no name server answers at all", () => {
		rig.start();
		rig.board.network.resolve = () => undefined;
		drop();
		expect(rig.board.world.until(() => rig.link.state === "online", 30_000, 10)).toBe(true);
		expect(rig.link.failuresIn("name")).toBe(1);
	});

	it("takes the new address as soon as there is one", () => {
		rig.start();
		rig.board.internet.listen("10.0.0.9", 8883, () => ({ onData: () => undefined, onClose: () => undefined }), [
			"broker.test",
		]);
		rig.board.internet.names.set("broker.test", "10.0.0.9");
		drop();
		rig.board.world.advance(10_000);
		expect(rig.board.network.streams.at(-1)?.options.address).toBe("10.0.0.9");
		expect(rig.link.state).toBe("online");
	});

	it("is not found when a resolver that blocks it answers 0.0.0.0", () => {
		rig.board.internet.names.set("broker.test", "0.0.0.0");
		rig.start();
		expect(rig.link.lastError).toBe("the name broker.test was not found");
	});
});

describe("the time", () => {
	it("comes before every certificate: TLS waits for it for ever, and says why", () => {
		rig.board.internet.blackHoles.add("10.0.0.2");
		rig.start(24 * 3_600_000);
		expect(rig.connections).toEqual([]);
		expect(rig.link).toMatchObject({ connects: 0, failedStage: "time", cause: "failed" });
		expect(rig.link.lastError).toContain("is UDP port 123 closed?");
		rig.board.internet.blackHoles.clear();
		rig.board.world.advance(140_000);
		expect(rig.link.state).toBe("online");
	});

	it("is not believed when it is before the last one known, which outlives a restart", () => {
		rig.start(60_000);
		expect(Number(rig.board.store.get("time"))).toBeGreaterThan(Date.UTC(2025, 0, 1));
		const kept = rig.board.store.get("time") as string;
		const late = new LinkRig();
		late.board.store.set("time", kept);
		late.time.offsetMs = -3_600 * 24_000 * 3_000;
		late.start(60_000);
		expect(late.link).toMatchObject({ connects: 0, failedStage: "time" });
	});

	it("is kept only when a certificate was found valid at it", () => {
		rig = new LinkRig(PLAIN);
		rig.start(100_000);
		expect(rig.link.state).toBe("online");
		expect(rig.board.store.get("time")).toBeUndefined();
	});
});
