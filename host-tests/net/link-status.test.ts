import { describe, expect, it } from "vitest";
import { STAGES } from "../../firmware/net/stages.js";
import { LinkRig } from "./link-rig.js";

describe("what can be told of the link", () => {
	it("is the stage and the way in which the last attempt failed, since when, and how often", () => {
		const rig = new LinkRig();
		rig.board.internet.server("10.0.0.1", 8883)?.stop();
		expect(STAGES.map((stage) => rig.link.failuresIn(stage))).toEqual(STAGES.map(() => 0));
		rig.start(60_000);
		const { failures } = rig.link;
		expect(rig.link).toMatchObject({ connects: 0, failedStage: "tcp", cause: "failed" });
		expect(failures).toBeGreaterThan(3);
		expect(rig.link.failuresIn("tcp")).toBe(failures);
		rig.listen();
		expect(rig.board.world.until(() => rig.link.state === "online", 120_000, 1)).toBe(true);
		expect(rig.link.sinceMs).toBe(rig.board.clock.monotonicMs());
		rig.call(() => rig.link.ended({ kind: "server", reason: "shutting down" }));
		expect(rig.link).toMatchObject({ failedStage: "online", cause: "server", lastError: "shutting down", connects: 1 });
		expect([rig.link.failuresIn("online"), rig.link.failuresIn("tcp")]).toEqual([1, failures]);
	});
});
