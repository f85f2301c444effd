import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StreamOptions } from "../../firmware/ports/network.js";
import { PcCalls } from "../../scripts/board/calls.js";
import { PcAlarm, PcClock } from "../../scripts/board/clock.js";
import { PcNetwork } from "../../scripts/board/network.js";
import { FileSegments } from "../../scripts/board/segments.js";
import { FileStore } from "../../scripts/board/store.js";
import { rootDer, type ServerIdentity, serverIdentity } from "../../scripts/pki/authority.js";
import { clockContract } from "../contracts/clock-contract.js";
import { RecordingEntry } from "../contracts/entry.js";
import { runChecks } from "../contracts/run-checks.js";
import { segmentsContract } from "../contracts/segments-contract.js";
import { storeContract } from "../contracts/store-contract.js";
import { RecordingHandler } from "../contracts/stream-bench.js";
import { streamContract } from "../contracts/stream-contract.js";
import { Scratch } from "./rig.js";
import { socketStreams, until } from "./socket-bench.js";

const scratch = new Scratch();
let identity: ServerIdentity;
beforeAll(async () => {
	identity = await serverIdentity(scratch.path("pki"), ["localhost", "127.0.0.1"]);
});
afterAll(() => scratch.remove());

runChecks(
	"the computer's TCP",
	streamContract(() => socketStreams()),
);
runChecks(
	"the computer's TLS",
	streamContract(() => socketStreams({ identity })),
);
runChecks(
	"WebSocket on the computer",
	streamContract(() => socketStreams({ webSocket: true })),
);
runChecks(
	"WebSocket over TLS on the computer",
	streamContract(() => socketStreams({ webSocket: true, identity })),
);

runChecks(
	"the computer's clock",
	clockContract(() => {
		const entry = new RecordingEntry();
		const calls = new PcCalls(() => undefined);
		calls.attach(entry);
		const clock = new PcClock();
		const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
		return { clock, entry, alarm: (handler) => new PcAlarm(calls, clock, handler), pass, slackMs: 60 };
	}),
);

let stores = 0;
runChecks(
	"the computer's store",
	storeContract(() => {
		const path = scratch.path(`store-${stores++}.json`);
		return { store: new FileStore(path), reopen: () => new FileStore(path) };
	}),
);

let flashes = 0;
runChecks(
	"the computer's flash",
	segmentsContract(() => {
		const path = scratch.path(`flash/${flashes++}.flash`);
		return { segments: new FileSegments(path), reopen: () => new FileSegments(path) };
	}),
);

test("the computer's flash refuses what a chip would do wrong in silence", () => {
	const segments = new FileSegments(scratch.path("strict.flash"));
	segments.write(0, 0, Uint8Array.of(0));
	expect(() => segments.write(0, 0, Uint8Array.of(1))).toThrow("not erased");
});

test("a damaged store is put aside, and the board starts with an empty one", () => {
	const path = scratch.path("damaged.json");
	writeFileSync(path, '{"boot":');
	expect(new FileStore(path).get("boot")).toBeUndefined();
	expect(existsSync(`${path}.damaged`)).toBe(true);
});

describe("the computer's TLS", () => {
	/** What the firmware is told about a server that shows `shown`, by a board that trusts `trusted` and wants `name`. */
	async function told(shown: ServerIdentity, trusted: readonly Uint8Array[], name: string, more = {}): Promise<string> {
		const server = createTlsServer({ key: shown.key, cert: shown.chain, ...more });
		server.on("tlsClientError", () => undefined);
		return reasonAt(server, { serverName: name, roots: trusted });
	}

	async function reasonAt(server: ReturnType<typeof createServer>, tls: StreamOptions["tls"]): Promise<string> {
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		const port = typeof address === "object" && address !== null ? address.port : 0;
		const calls = new PcCalls(() => undefined);
		calls.attach(new RecordingEntry());
		const handler = new RecordingHandler();
		const stream = new PcNetwork(calls).connect({ address: "127.0.0.1", port, ...(tls ? { tls } : {}) }, handler);
		await until("the stream tells something", () => handler.calls.length > 0);
		stream.close();
		await new Promise<void>((resolve) => server.close(() => resolve()));
		return handler.reasons[0] ?? "it opened";
	}

	test("opens to the right name under the right root, and to an address in the certificate", async () => {
		expect(await told(identity, [rootDer(identity)], "localhost")).toBe("it opened");
		expect(await told(identity, [rootDer(identity)], "127.0.0.1")).toBe("it opened");
	});

	test("refuses another name, another address, another root, and any root when none is trusted", async () => {
		const other = await serverIdentity(scratch.path("other"), ["localhost"]);
		const root = [rootDer(identity)];
		expect(await told(identity, root, "broker.example")).toBe(
			'TLS refused: its certificate is not for "broker.example"',
		);
		expect(await told(identity, root, "192.0.2.1")).toBe('TLS refused: its certificate is not for "192.0.2.1"');
		expect(await told(other, root, "localhost")).toMatch(/^TLS refused: its certificate is forged/);
		expect(await told(identity, [], "localhost")).toMatch(/^TLS refused: its certificate comes from nobody/);
	});

	test("refuses an expired certificate", async () => {
		const old = await serverIdentity(scratch.path("old"), ["localhost"], Date.now() - 500 * 86_400_000);
		expect(await told(old, [rootDer(old)], "localhost")).toMatch(/^TLS refused: its certificate expired on/);
	});

	test("refuses TLS 1.1, and a server that speaks no TLS", async () => {
		const ancient = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
		expect(await told(identity, [rootDer(identity)], "localhost", ancient)).toBe(
			"TLS refused by the other side: no cipher or parameter in common",
		);
		const plain = createServer((socket) => {
			socket.on("error", () => undefined);
			socket.resume();
			socket.end("220 welcome to something else\r\n");
		});
		const reason = await reasonAt(plain, { serverName: "localhost", roots: [rootDer(identity)] });
		expect(reason).toBe("TLS refused: it does not speak TLS at this port");
	});
});

test("with the network cut, connections break, new ones fail, and no name is found", async () => {
	const environment = await socketStreams();
	const network = environment.network as PcNetwork;
	const states: string[] = [];
	network.start({ onNetwork: () => states.push(network.state) });
	await until("the network is up", () => network.state === "up");
	const { options, peers } = await environment.listen();
	const [first, second] = [new RecordingHandler(), new RecordingHandler()];
	network.connect(options, first);
	await until("the first is open", () => peers.length === 1 && first.calls.length === 1);
	network.cut();
	network.connect(options, second);
	const names: (string | undefined)[] = [];
	network.resolve("localhost", { onResolved: (_host, address) => names.push(address) });
	await until("all three are told", () => first.calls.length === 2 && second.calls.length === 1 && names.length === 1);
	expect([...first.reasons, ...second.reasons]).toEqual(Array(2).fill("the network is switched off"));
	expect(names).toEqual([undefined]);
	network.restore();
	network.resolve("localhost", { onResolved: (_host, address) => names.push(address) });
	await until("the name is found", () => names.length === 2);
	expect(names[1]).toBe("127.0.0.1");
	expect(states).toEqual(["up", "off", "up"]);
	await environment.dispose();
});
