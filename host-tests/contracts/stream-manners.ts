import { equal } from "./checks.js";
import { connected, dial, pattern, RecordingHandler, sameBytes } from "./stream-bench.js";
import type { Peer, StreamEnvironment } from "./stream-contract.js";

export async function noneAfterClose(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	peer.send(pattern(3_000)); // on its way
	stream.close();
	const calls = [...handler.calls];
	await environment.until("the server sees the close", () => peer.closed);
	peer.close();
	await environment.settle();
	equal(handler.calls, calls, "callbacks after close");
	const server = await environment.listen();
	const opening = dial(environment, server.options);
	opening.stream.close();
	await environment.settle();
	equal(opening.handler.calls, [], "callbacks of a connection closed while it opened");
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
	handler.inside = (callback) => {
		throw new Error(callback);
	};
	const { stream } = dial(environment, server.options, handler);
	await environment.until("it has opened", () => handler.calls.length === 1 && server.peers.length === 1);
	const peer = server.peers[0] as Peer;
	peer.send(pattern(10));
	await environment.until("the first bytes have arrived", () => handler.received.length === 10);
	peer.send(pattern(10));
	await environment.until("the next bytes have arrived", () => handler.received.length === 20);
	peer.close();
	await environment.until("the end is told", () => handler.count("onClose") === 1);
	await environment.settle();
	equal(environment.entry.reasons, handler.calls, "what the entry was told");
	equal(environment.entry.settled, handler.calls.length, "ends of callbacks");
	stream.close();
}
