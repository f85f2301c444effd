import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import { readTarget, tlsPolicy } from "../../scripts/start/target.js";
import benchDevice from "../scripts/bench-device.js";
import { Scratch } from "../scripts/rig.js";
import { until } from "../scripts/socket-bench.js";
import { findMosquitto } from "./mosquitto.js";
import { type StrictMosquitto, startStrictMosquitto } from "./strict-mosquitto.js";

const program = findMosquitto();
const why = program === undefined ? " (skipped: mosquitto is not installed)" : "";

describe.skipIf(program === undefined)(`a device with a certificate of its own, at Mosquitto${why}`, () => {
	const scratch = new Scratch();
	let broker: StrictMosquitto;
	let device: SimulatedDevice | undefined;

	beforeAll(async () => {
		broker = await startStrictMosquitto(program as string, scratch);
	});
	afterEach(async () => {
		await device?.stop();
		device = undefined;
	});
	afterAll(async () => {
		await broker?.close();
		scratch.remove();
	});

	/** Runs a device of this name until it is online, or has failed; returns why, or undefined. */
	async function run(id: string, files?: { readonly certificate: string; readonly key: string }) {
		const url = `mqtts://localhost:${broker.port}`;
		const own = files === undefined ? {} : { cert: files.certificate, key: files.key };
		const target = readTarget({ url, ca: broker.ca, insecurePlain: false, ...own });
		const { host, port } = target;
		const started = new SimulatedDevice({
			device: benchDevice,
			settings: { id, broker: { host, port, tls: tlsPolicy(target) } },
			uniqueId: "0123456789ab",
			storePath: scratch.path(`${id}.json`),
		});
		device = started;
		started.start();
		await until(
			"it is online, or says why not",
			() => started.link.state === "online" || started.link.lastError !== undefined,
		);
		return started.link.lastError;
	}

	it.each(["rsa2048", "p256"] as const)("is let in and called by its name, with %s", async (kind) => {
		const name = `device-${kind}`;
		expect(await run(name, await broker.device(name, kind))).toBeUndefined();
		expect(broker.lines.some((line) => line.includes(`farpin-${name}`) && line.includes(`u'${name}'`))).toBe(true);
	});

	it("is told what it lacks, without a certificate", async () => {
		expect(await run("nobody")).toContain("it demands a certificate of this device");
	});

	it("is told what is wrong with it, with one by an authority that the broker does not know", async () => {
		const files = await broker.device("stranger", "p256", false);
		expect(await run("stranger", files)).toContain("it does not know who issued this device's certificate");
	});
});
