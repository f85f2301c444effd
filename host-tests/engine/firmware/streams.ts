import Timer from "timer";
import { DesktopNetwork } from "../../../firmware/board/desktop-network.js";
import { attach } from "../../../firmware/board/entry.js";
import { fillRandomWeakly } from "../../../firmware/board/random.js";
import { loadSettings } from "../../../firmware/board/settings.js";
import { nativeText } from "../../../firmware/board/text.js";
import { RecordingEntry } from "../../contracts/entry.js";
import { type StreamEnvironment, streamContract } from "../../contracts/stream-contract.js";
import { webSocketNetwork } from "../../contracts/web-socket-network.js";
import { FarEnd } from "./far-end.js";

// Not a device but a test of the board, run in the device's place: the stream contract, on the SDK's own sockets and
// engine. The servers are in the program that started this one.

const TURN_MS = 2;
const TURNS_MAX = 5_000;
const SETTLE_MS = 60;
const ADDRESS = "127.0.0.1";

function pass(ms: number): Promise<void> {
	return new Promise((resolve) => {
		Timer.set(() => resolve(), ms);
	});
}

async function until(what: string, done: () => boolean): Promise<void> {
	for (let turn = 0; !done(); turn++) {
		if (turn > TURNS_MAX) throw new Error(`it took too long until ${what}`);
		await pass(TURN_MS);
	}
}

const network = new DesktopNetwork();
const random = fillRandomWeakly;

function makeEnvironment(far: FarEnd): StreamEnvironment {
	const entry = new RecordingEntry();
	attach(entry);
	const { webSocket = false, refusing = 0, blackHole } = far.hello ?? {};
	return {
		network: webSocket ? webSocketNetwork({ network, text: nativeText, random }) : network,
		entry,
		refusing: far.options(refusing),
		blackHole: blackHole === undefined ? undefined : far.options(blackHole),
		listen: () => far.listen(),
		until,
		settle: () => pass(SETTLE_MS),
		dispose: async () => undefined,
	};
}

async function runAll(): Promise<void> {
	const { port, tls } = loadSettings().broker;
	const far = new FarEnd(network, nativeText, ADDRESS, port, tls?.roots ?? []);
	await until("the other program says hello", () => far.hello !== undefined);
	for (const check of streamContract(async () => makeEnvironment(far))) {
		try {
			await check.run();
			trace(`ok: ${check.name}\n`);
		} catch (error) {
			trace(`failed: ${check.name}: ${String(error)}\n`);
		}
	}
	trace("that was all\n");
}

runAll().catch((error) => trace(`failed: ${String(error)}\n`));
