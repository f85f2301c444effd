import { equal, ok } from "./checks.js";
import { CHUNK_BYTES, CHUNKS_MAX, type Connected, connected, pattern, sameBytes } from "./stream-bench.js";
import type { StreamEnvironment } from "./stream-contract.js";

export async function carries(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	equal(stream.write(pattern(100), 100), true, "write");
	await environment.until("the server has it", () => peer.received.length === 100);
	sameBytes(peer.received, pattern(100), "to the server");
	peer.send(pattern(1_000, 5));
	await environment.until("the board has it", () => handler.received.length === 1_000);
	sameBytes(handler.received, pattern(1_000, 5), "to the board");
	equal(handler.count("onOpen"), 1, "onOpen");
	stream.close();
	await environment.until("the server sees the close", () => peer.closed);
	ok(environment.entry.settled >= 2, "every callback ends at the entry");
	equal(environment.entry.reasons, [], "panics");
}

export async function copies(environment: StreamEnvironment): Promise<void> {
	const connection = await connected(environment);
	const { stream, peer } = connection;
	const buffer = pattern(64);
	const sent: number[] = [];
	for (let round = 0; round < 20; round++) {
		buffer.set(pattern(64, round));
		await write(environment, connection, buffer, 40);
		sent.push(...buffer.subarray(0, 40));
		buffer.fill(0); // the buffer is the caller's again
	}
	await environment.until("everything has arrived", () => peer.received.length >= sent.length);
	sameBytes(peer.received, sent, "what arrived");
	stream.close();
}

/** Writes, waiting for room first where there is none. */
async function write(
	environment: StreamEnvironment,
	{ stream, handler }: Connected,
	bytes: Uint8Array,
	count: number,
): Promise<void> {
	const before = handler.count("onWritable");
	if (stream.write(bytes, count)) return;
	await environment.until("there is room again", () => handler.count("onWritable") > before);
	equal(stream.write(bytes, count), true, "write with room");
}

export async function bytewise(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	const bytes = pattern(200);
	peer.send(bytes, 1);
	await environment.until("everything has arrived", () => handler.received.length >= bytes.length);
	sameBytes(handler.received, bytes, "what arrived");
	stream.close();
}

export async function largeReads(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	const bytes = pattern(100_000);
	peer.send(bytes);
	await environment.until("everything has arrived", () => handler.received.length >= bytes.length);
	sameBytes(handler.received, bytes, "what arrived");
	stream.close();
}

export async function backPressure(environment: StreamEnvironment): Promise<void> {
	const { stream, handler, peer } = await connected(environment);
	peer.pause();
	let accepted = 0;
	while (accepted < CHUNKS_MAX && stream.write(pattern(CHUNK_BYTES, accepted), CHUNK_BYTES)) {
		accepted++;
		if (accepted % 64 === 0) await environment.settle();
	}
	ok(accepted < CHUNKS_MAX, "write returns false at some time");
	equal(stream.write(pattern(10), 10), false, "a second write without room");
	await environment.settle();
	const early = handler.count("onWritable");
	peer.resume();
	await environment.until("there is room again", () => handler.count("onWritable") > early || early > 0);
	equal(stream.write(pattern(10, 99), 10), true, "write with room");
	const total = accepted * CHUNK_BYTES + 10;
	await environment.until("everything has arrived", () => peer.received.length >= total);
	equal(peer.received.length, total, "bytes");
	for (let chunk = 0; chunk < accepted; chunk += 7) {
		const at = chunk * CHUNK_BYTES;
		sameBytes(peer.received.subarray(at, at + CHUNK_BYTES), pattern(CHUNK_BYTES, chunk), `chunk ${chunk}`);
	}
	sameBytes(peer.received.subarray(total - 10), pattern(10, 99), "the last bytes");
	stream.close();
}

export async function twoAtOnce(environment: StreamEnvironment): Promise<void> {
	const first = await connected(environment);
	const second = await connected(environment, first.server);
	first.stream.write(pattern(50, 1), 50);
	second.stream.write(pattern(50, 2), 50);
	first.peer.send(pattern(50, 3));
	second.peer.send(pattern(50, 4));
	const all = [first, second];
	await environment.until("everything has arrived", () =>
		all.every(({ handler, peer }) => handler.received.length >= 50 && peer.received.length >= 50),
	);
	for (const [index, { handler, peer }] of all.entries()) {
		sameBytes(peer.received, pattern(50, 1 + index), `to server ${index}`);
		sameBytes(handler.received, pattern(50, 3 + index), `to board ${index}`);
	}
	first.stream.close();
	await environment.settle();
	equal(second.handler.reasons, [], "ends of the other connection");
	second.stream.close();
}
