import { equal, ok } from "./checks.js";
import { CHUNK_BYTES, CHUNKS_MAX, connected, dial, pattern, RecordingHandler, sameBytes } from "./stream-bench.js";
import type { Peer, StreamEnvironment } from "./stream-contract.js";

export async function noneAfterClose(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	peer.send(pattern(3_000)); // on its way
	const calls = [...handler.calls];
	stream.close();
	await environment.until("the server sees the close", () => peer.closed);
	peer.close();
	await environment.settle();
	equal(handler.calls, calls, "callbacks after close");
}

/** Before the name is said, in the middle of a handshake, or just when it is open. */
export async function closeWhileOpening(environment: StreamEnvironment): Promise<void> {
	const server = await environment.listen();
	for (let moments = 0; moments < 12; moments++) {
		const { stream, handler } = dial(environment, server.options);
		let looks = 0;
		if (moments > 0) await environment.until("a moment has passed", () => ++looks > moments);
		const calls = [...handler.calls];
		stream.close();
		ok(calls.every((call) => call === "onOpen") && calls.length <= 1, `callbacks before close: ${calls.join()}`);
		if (moments === 0) equal(calls, [], "callbacks before connect has returned");
		await environment.settle();
		equal(handler.calls, calls, `callbacks after close, ${moments} moments after the beginning`);
	}
	equal(environment.entry.reasons, [], "panics");
	await environment.until("the servers see that all are gone", () => server.peers.every(({ closed }) => closed));
}

export async function closeInside(environment: StreamEnvironment): Promise<void> {
	for (const where of ["onOpen", "onData", "onClose"] as const) {
		const server = await environment.listen();
		const handler = new RecordingHandler();
		const { stream } = dial(environment, server.options, handler);
		handler.inside = (callback) => {
			if (callback === where) stream.close();
		};
		await environment.until("the server has the connection", () => server.peers.length === 1);
		const peer = server.peers[0] as Peer;
		await environment.settle();
		if (where !== "onOpen") peer.send(pattern(10), 1);
		await environment.settle();
		peer.close();
		await environment.settle();
		equal(handler.count(where), 1, where);
		equal(handler.calls.at(-1), where, "the last callback");
		equal(environment.entry.reasons, [], "panics");
	}
	await closeOnWritable(environment);
}

async function closeOnWritable(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	peer.pause();
	for (let chunks = 0; chunks < CHUNKS_MAX && stream.write(pattern(CHUNK_BYTES), CHUNK_BYTES); chunks++) {
		if (chunks % 64 === 0) await environment.settle();
	}
	handler.inside = () => stream.close();
	peer.resume();
	await environment.until("there is room", () => handler.count("onWritable") > 0);
	peer.send(pattern(10));
	await environment.settle();
	equal(handler.calls, ["onOpen", "onWritable"], "callbacks");
	equal(environment.entry.reasons, [], "panics");
}

/** An MQTT client says DISCONNECT and closes: the broker must hear it, or it publishes the will. */
export async function sentBeforeClose(environment: StreamEnvironment): Promise<void> {
	const { stream, peer } = await connected(environment);
	stream.write(pattern(300), 300);
	stream.close();
	await environment.until("the server sees the close", () => peer.closed);
	sameBytes(peer.received, pattern(300), "what arrived");
}

export async function panics(environment: StreamEnvironment): Promise<void> {
	const server = await environment.listen();
	const handler = new RecordingHandler();
	let settledBefore = 0;
	handler.inside = (callback) => {
		settledBefore = environment.entry.settled;
		throw new Error(callback);
	};
	const settled = (what: string): void => ok(environment.entry.settled > settledBefore, `${what} ends at the entry`);
	const { stream } = dial(environment, server.options, handler);
	await environment.until("it has opened", () => handler.calls.length === 1 && server.peers.length === 1);
	settled("onOpen");
	const peer = server.peers[0] as Peer;
	peer.send(pattern(10));
	await environment.until("the first bytes have arrived", () => handler.received.length === 10);
	settled("onData");
	peer.send(pattern(10));
	await environment.until("the next bytes have arrived", () => handler.received.length === 20);
	peer.close();
	await environment.until("the end is told", () => handler.count("onClose") === 1);
	settled("onClose");
	await environment.settle();
	equal(environment.entry.reasons, handler.calls, "what the entry was told");
	stream.close();
}
