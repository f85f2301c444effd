import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { awsIot } from "../../firmware/cloud/aws-iot.js";
import { azureEventGrid } from "../../firmware/cloud/azure-event-grid.js";
import type { Cloud } from "../../firmware/model/cloud.js";
import type { TlsPolicy } from "../../firmware/ports/network.js";
import { splitPem } from "../../scripts/pki/authority.js";
import { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import benchDevice from "../scripts/bench-device.js";
import { Scratch } from "../scripts/rig.js";
import { until } from "../scripts/socket-bench.js";
import { type AwsDoor, openAwsDoor } from "./aws-door.js";
import { findMosquitto } from "./mosquitto.js";
import { type Authorities, makeAuthorities } from "./peers/peer.js";
import { deviceBy, type StrictMosquitto, startStrictMosquitto } from "./strict-mosquitto.js";

const HOST = "localhost";
/** No failure but the way to a stand-in's broker that knows no MQTT 5. */
const OLD_BROKER = "The broker answered as one that knows MQTT 3.1.1 only";
const scratch = new Scratch();
let running: SimulatedDevice | undefined;

afterEach(async () => {
	await running?.stop();
	running = undefined;
});
afterAll(() => scratch.remove());

/** Runs a device with this cloud on the computer's board, until it is online, or has failed; returns why, or undefined. */
async function run(id: string, cloud: Cloud, port: number, tls: TlsPolicy): Promise<string | undefined> {
	const device = new SimulatedDevice({
		device: { ...benchDevice, cloud },
		settings: { id, broker: { host: HOST, port, tls } },
		uniqueId: "0123456789ab",
		storePath: scratch.path(`${id}.json`),
	});
	running = device;
	device.start();
	await until("it is online, or says why not", () => {
		const { state, lastError = OLD_BROKER } = device.link;
		return state === "online" || lastError !== OLD_BROKER;
	});
	return device.link.state === "online" ? undefined : device.link.lastError;
}

/** What the device is to trust, and how it shows who it is. */
async function policy(authorities: Authorities, own: string, protocol: string | undefined): Promise<TlsPolicy> {
	const { cert, key } = await deviceBy(authorities, own, "rsa2048");
	const identity = { certificates: splitPem(cert).map(derOf), key: derOf(key) };
	const known = { roots: [authorities.root.der], identity };
	return protocol === undefined ? known : { ...known, protocol };
}

function derOf(pem: string): Uint8Array {
	return Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
}

describe("the door of AWS IoT Core at port 443", () => {
	let authorities: Authorities;
	let door: AwsDoor;
	/** What the profile asks for at 443, where only who governs the computer may listen. */
	const protocol = awsIot().protocol?.(443);

	beforeAll(async () => {
		authorities = await makeAuthorities();
		door = await openAwsDoor(authorities, HOST);
	});
	afterAll(() => door.close());

	it("opens to a device with its certificate, the endpoint's name and the protocol", async () => {
		expect(
			await run("bench", awsIot(), door.port, await policy(authorities, "farpin-bench", protocol)),
		).toBeUndefined();
		await until("the shadow is told", () => door.topics.includes("$aws/things/farpin-bench/shadow/update"));
		expect(door.topics).toContain("farpin/bench/status");
	});

	it("stays shut to one that asks for no protocol", async () => {
		const why = await run("unasked", awsIot(), door.port, await policy(authorities, "farpin-unasked", undefined));
		expect(why).toContain("closed the connection");
		expect(door.topics).not.toContain("farpin/unasked/status");
	});

	it("stays shut to one with the certificate of another thing", async () => {
		const why = await run("thief", awsIot(), door.port, await policy(authorities, "farpin-bench", protocol));
		expect(why).toBe("The broker refused the connection: it does not accept the client id");
		expect(door.topics).not.toContain("farpin/thief/status");
	});
});

const program = findMosquitto();
const why = program === undefined ? " (skipped: mosquitto is not installed)" : "";

describe.skipIf(program === undefined)(`the door of Azure Event Grid, as Mosquitto can stand for it${why}`, () => {
	let broker: StrictMosquitto;

	beforeAll(async () => {
		broker = await startStrictMosquitto(program as string, scratch);
	});
	afterAll(() => broker?.close());

	it("opens to the authentication name that is in the certificate, with MQTT 5", async () => {
		const cloud = azureEventGrid({ authenticationName: (id) => `site-7.${id}` });
		const tls = await policy(broker.authorities, "site-7.bench", undefined);
		expect(await run("bench", cloud, broker.port, tls)).toBeUndefined();
		expect(broker.lines.some((line) => /as site-7\.bench \(p5, .*u'site-7\.bench'/.test(line))).toBe(true);
	});
});
