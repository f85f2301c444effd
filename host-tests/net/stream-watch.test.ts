import { describe, expect, it } from "vitest";
import { StreamWatch } from "../../firmware/net/stream-watch.js";

function rig() {
	const told: string[] = [];
	const watch = new StreamWatch(
		{
			onOpen: () => told.push("session open"),
			onData: (bytes, count) => told.push(`data ${bytes.subarray(0, count).join()}`),
			onWritable: () => told.push("room"),
			onClose: (reason) => told.push(`session closed: ${reason}`),
		},
		{
			onStreamConnected: () => told.push("connected"),
			onStreamOpen: () => told.push("open"),
			onStreamFailed: (reason) => told.push(`failed: ${reason}`),
		},
	);
	return { told, watch };
}

describe("what comes from a stream", () => {
	it("goes to the session, and the link hears first how far it has come", () => {
		const { told, watch } = rig();
		watch.onConnected();
		watch.onOpen();
		watch.onData(Uint8Array.of(1, 2, 3), 2);
		watch.onWritable();
		watch.onClose("reset");
		expect(told).toEqual(["connected", "open", "session open", "data 1,2", "room", "session closed: reset"]);
	});

	it("is the link's business when it never opened, also after one that did", () => {
		const { told, watch } = rig();
		watch.onOpen();
		watch.reset();
		watch.onClose("refused");
		expect(told.at(-1)).toBe("failed: refused");
	});
});
