import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Device, inEncoding } from "../../firmware/model/device.js";
import { OWNER } from "../broker/access.js";
import { startBroker } from "../broker/broker.js";
import { notePort } from "../own-broker.js";
import { type Page, startPage } from "../page-server/server.js";
import { type ServerIdentity, serverIdentity, splitPem } from "../pki/authority.js";
import { isLoopback, serverNames } from "../pki/names.js";
import { homeFolder } from "../places.js";
import { keptSecret } from "../private-files.js";
import { keyFolder } from "../trust/key-files.js";
import { ownerOf } from "../trust/owner.js";
import { boardHints } from "./board-hints.js";
import { fleetIds, makeFleet, storeFolder } from "./fleet.js";
import { hints } from "./hints.js";
import { holdBoards, holdCertificates } from "./hold.js";
import { Observer } from "./observer.js";
import { type StartOptions, warningsOf } from "./options.js";
import type { SimulatedDevice } from "./simulated-device.js";
import { stopped } from "./stopped.js";
import { failuresOf, type Report, summary } from "./summary.js";
import type { Target } from "./target.js";

/** The broker of this run, whoever's it is. */
interface Place {
	readonly target: Target;
	readonly caPath: string | undefined;
	readonly passwordPath: string | undefined;
	readonly devicePassword: string | undefined;
	readonly close: () => Promise<void>;
	/** How boards reach it, where they can; lines for people. */
	readonly boards: readonly string[];
}

/** Runs the device on this computer until stopped, or for the time asked for. Resolves to the exit code. */
export async function startAll(device: Device, options: StartOptions): Promise<number> {
	const startMs = performance.now();
	for (const warning of warningsOf(options)) console.log(warning);
	const folder = homeFolder();
	const { devices: count, id, target } = options;
	const release = holdBoards(storeFolder(folder), fleetIds({ device, count, id, folder }, target === undefined));
	try {
		const place = target === undefined ? await ownPlace(folder, options) : foreignPlace(target, options.caPath);
		try {
			return await runAt(place, folder, { device, options, startMs });
		} finally {
			await place.close();
		}
	} finally {
		release();
	}
}

/** What is to be run. */
interface Run {
	readonly device: Device;
	readonly options: StartOptions;
	readonly startMs: number;
}

async function runAt(place: Place, folder: string, { device, options, startMs }: Run): Promise<number> {
	let page: Page | undefined;
	const devices = makeFleet({
		device: options.encoding === undefined ? device : inEncoding(device, options.encoding),
		count: options.devices,
		id: options.id,
		target: place.target,
		devicePassword: place.devicePassword,
		folder,
		onLog: (id, line) => console.log(`${id}  ${line}`),
		onChange: () => page?.changed(),
	});
	try {
		page = options.page ? await openPage(options, place.target, devices, keyFolder(folder)) : undefined;
		tell(device, devices, place, page);
		const observers =
			options.forMs === undefined
				? []
				: devices.map(({ id }) => new Observer(place.target, id, ownerOf(device, id, keyFolder(folder))));
		for (const one of devices) one.start();
		await stopped(options.forMs);
		const reports = observers.map(({ seen }, index) => report(devices[index] as SimulatedDevice, seen));
		await Promise.all(observers.map((observer) => observer.close()));
		if (reports.length > 0) console.log(summary(reports, performance.now() - startMs));
		return reports.flatMap(failuresOf).length === 0 ? 0 : 1;
	} finally {
		await Promise.all(devices.map((one) => one.stop()));
		await page?.close();
	}
}

function report(device: SimulatedDevice, seen: Observer["seen"]): Report {
	return { id: device.id, seen, link: device.link };
}

async function ownPlace(folder: string, { port, listen }: StartOptions): Promise<Place> {
	const identity = await ownIdentity(folder, listen);
	const ownerPassword = keptSecret(folder, "owner.password");
	const devicePassword = keptSecret(folder, "device.password");
	const access = { ownerPassword, devicePassword, root: "farpin" };
	const broker = await startBroker({ identity, access, port, listen });
	const forget = notePort(folder, broker.port); // where `npx farpin send` and others find it
	return {
		target: {
			// Also when it listens elsewhere, too: only a particular address of the network leaves loopback out.
			host: isLoopback(listen) || listen === "0.0.0.0" || listen === "::" ? "localhost" : listen,
			port: broker.port,
			roots: splitPem(identity.root),
			username: OWNER,
			password: ownerPassword,
		},
		caPath: identity.rootPath,
		passwordPath: join(folder, "owner.password"),
		devicePassword,
		async close() {
			forget();
			await broker.close();
		},
		boards: boardHints(listen, broker.port, folder),
	};
}

async function ownIdentity(folder: string, listen: string): Promise<ServerIdentity> {
	const release = await holdCertificates(folder);
	try {
		return await serverIdentity(folder, serverNames(listen));
	} finally {
		release();
	}
}

function foreignPlace(target: Target, caPath: string | undefined): Place {
	return {
		target,
		caPath,
		passwordPath: undefined,
		devicePassword: undefined,
		close: async () => undefined,
		boards: [],
	};
}

function openPage(
	{ pagePort: port }: StartOptions,
	target: Target,
	devices: readonly SimulatedDevice[],
	keyFolder: string,
): Promise<Page> {
	return startPage({ port, target, devices, token: randomBytes(24).toString("base64url"), keyFolder });
}

function tell(device: Device, devices: readonly SimulatedDevice[], place: Place, page: Page | undefined): void {
	const { target, caPath, passwordPath } = place;
	const over = target.webSocketPath === undefined ? "MQTT" : "MQTT over WebSocket";
	const encrypted =
		target.roots === undefined ? `${over}, not encrypted` : `${over}${over === "MQTT" ? " over" : " and"} TLS`;
	console.log(`Broker: ${target.host}, port ${target.port} (${encrypted})`);
	for (const line of place.boards) console.log(line);
	console.log(`Devices: ${devices.map(({ id }) => id).join(", ")}`);
	if (page !== undefined)
		console.log(`\nOpen ${page.address} to watch ${devices.length === 1 ? "it" : "them"} and to turn the knobs.`);
	const id = devices[0]?.id ?? "";
	const { platform } = process;
	console.log(`\n${hints({ target, device, id, caPath, passwordPath, platform, folder: process.cwd() })}`);
	console.log("\nCtrl-C ends it.\n");
}
