import { equal, ok } from "./checks.js";
import { CHUNK_BYTES, CHUNKS_MAX, connected, dial, pattern, sameBytes } from "./stream-bench.js";
import type { StreamEnvironment } from "./stream-contract.js";

export async function refused(environment: StreamEnvironment): Promise<void> {
	const { stream, handler } = dial(environment, environment.refusing);
	equal(handler.calls, [], "callbacks before connect has returned");
	await environment.until("the end is told", () => handler.calls.length > 0);
	await environment.settle();
	equal(handler.calls, ["onClose"], "callbacks");
	ok((handler.reasons[0] as string).length > 3, "the reason is in words");
	stream.close(); // harmless
}

export async function silent(environment: StreamEnvironment): Promise<void> {
	if (environment.blackHole === undefined) return;
	const { stream, handler } = dial(environment, environment.blackHole);
	await environment.settle();
	equal(handler.calls, [], "callbacks");
	stream.close();
	stream.close();
	await environment.settle();
	equal(handler.calls, [], "callbacks after close");
}

export async function closedByPeer(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	peer.send(pattern(5_000));
	peer.close();
	await environment.until("the end is told", () => handler.count("onClose") > 0);
	sameBytes(handler.received, pattern(5_000), "what arrived");
	await environment.settle();
	equal(handler.count("onClose"), 1, "onClose");
	equal(handler.calls.at(-1), "onClose", "the last callback");
	ok((handler.reasons[0] as string).length > 3, "the reason is in words");
	stream.close();
	await environment.settle();
	equal(handler.calls.at(-1), "onClose", "the last callback after close");
}

export async function reset(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	peer.reset();
	await environment.until("the end is told", () => handler.count("onClose") > 0);
	await environment.settle();
	equal(handler.calls, ["onOpen", "onClose"], "callbacks");
	stream.close();
}

/** The first part of a packet has arrived, the next is on its way: what came is handed over, then the end is told. */
export async function resetMidway(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	const packet = pattern(3_000);
	peer.send(packet.slice(0, 1_000));
	await environment.until("the first part has arrived", () => handler.received.length >= 1_000);
	peer.send(packet.slice(1_000, 2_000));
	peer.reset();
	await environment.until("the end is told", () => handler.count("onClose") > 0);
	await environment.settle();
	ok(handler.received.length <= 2_000, "no more than was sent");
	sameBytes(handler.received, packet.subarray(0, handler.received.length), "what arrived");
	equal(handler.count("onClose"), 1, "onClose");
	equal(handler.calls.at(-1), "onClose", "the last callback");
	equal(environment.entry.reasons, [], "panics");
	stream.close();
}

/** Nobody tells of a peer that is gone: finding out is for whoever expects an answer. */
export async function halfOpen(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	peer.vanish();
	const chunk = pattern(CHUNK_BYTES);
	let accepted = 0;
	while (accepted < CHUNKS_MAX && stream.write(chunk, chunk.length)) {
		if (++accepted % 64 === 0) await environment.settle();
	}
	ok(accepted < CHUNKS_MAX, "write returns false at some time");
	equal(handler.count("onClose"), 0, "ends told");
	const calls = [...handler.calls];
	stream.close();
	await environment.settle();
	equal(handler.calls, calls, "callbacks after close");
	equal(environment.entry.reasons, [], "panics");
}

/** The other side breaks off while the board has much to say: no exception, one end. */
export async function breaks(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	peer.pause();
	for (let round = 0; round < 8; round++) stream.write(pattern(4_000), 4_000);
	peer.reset();
	await environment.until("the end is told", () => handler.count("onClose") > 0);
	await environment.settle();
	equal(handler.count("onClose"), 1, "onClose");
	equal(environment.entry.reasons, [], "panics");
	stream.close();
}
