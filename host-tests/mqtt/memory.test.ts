import { expect, it } from "vitest";
import { HEAD_BYTES_MAX } from "../../firmware/mqtt/head.js";
import { CONTROL_BYTES, controlAt, headsAt, incomingAt, sessionMemory } from "../../firmware/mqtt/memory.js";

it.each([
	[0, 0],
	[1, 5],
	[300, 77],
	[4_096, 4_096],
])("what a session works with lies side by side, for packets of %i and %i bytes", (send, receive) => {
	const length = sessionMemory(send, receive).length;
	expect([controlAt(send), headsAt(send) - controlAt(send)]).toEqual([send, CONTROL_BYTES]);
	expect(incomingAt(send) - headsAt(send)).toBe(2 * HEAD_BYTES_MAX);
	expect(length - incomingAt(send)).toBe(Math.max(receive, 5)); // the smallest holds every fixed header
});
