import { createHash, generateKeyPairSync } from "node:crypto";
import { decode } from "@msgpack/msgpack";
import { analogInput } from "../../firmware/drivers/analog-input.js";
import { bme280 } from "../../firmware/drivers/bme280.js";
import { relay } from "../../firmware/drivers/relay.js";
import type { Cloud } from "../../firmware/model/cloud.js";
import { defineDevice } from "../../firmware/model/device.js";
import type { Encoding } from "../../firmware/model/document.js";
import type { Envelope } from "../../firmware/model/envelope.js";
import { json } from "../../firmware/model/json.js";
import { percent } from "../../firmware/model/quantity.js";
import { i2c, sensor } from "../../firmware/model/sensor.js";
import type { Signing } from "../../firmware/model/signing.js";
import { minutes, seconds } from "../../firmware/model/units.js";
import type { RunningDigest } from "../../firmware/ports/slots.js";
import { type Running, run } from "../../firmware/runtime/run.js";
import { updates } from "../../firmware/update/updates.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { releaseKey, type SigningKey } from "../../scripts/release/keys.js";
import { type ReleaseFacts, signRelease } from "../../scripts/release/sign.js";
import type { OwnerKey } from "../../scripts/trust/key-files.js";
import { openMessage } from "../../scripts/trust/open.js";
import { Bme280Chip } from "../virtual/bme280-chip.js";
import { VirtualBoard } from "../virtual/board.js";
import { VirtualBroker } from "../virtual/broker.js";
import { FileServer } from "../virtual/file-server.js";
import { virtualImage } from "../virtual/image.js";
import type { Server } from "../virtual/internet.js";
import { VirtualSlots } from "../virtual/slots.js";
import { SntpServer } from "../virtual/sntp-server.js";

const PREFIX = "farpin/shed/";
const BROKER = "10.0.0.1";
const SECTOR_BYTES = 4_096;
export const URL = "https://files.test/shed.bin";

export interface Report {
	readonly state: string;
	readonly version?: string;
	readonly reason?: string;
	readonly done?: number;
	readonly of?: number;
	readonly blocks?: readonly number[];
}

/** What is wrong with a firmware that has this version. */
export interface Defects {
	/** It crashes so many milliseconds after its start. */
	readonly crashesMs?: number;
	/** It asks the sensor at a wrong address. */
	readonly blind?: boolean;
	/** It never reaches the broker. */
	readonly mute?: boolean;
	/** It leaves so many bytes of memory. */
	readonly free?: number;
}

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
/** Whom the device believes. */
export const KEY: SigningKey = { privateKey, publicKey: releaseKey(publicKey) };

/** An image of so many sectors that says which version it is. */
export function imageOf(version: string, sectors = 3): Uint8Array {
	const content = new Uint8Array(sectors * SECTOR_BYTES - 100);
	for (let at = 0; at < content.length; at++) content[at] = Math.imul(at, 37) >> 3;
	content.set(Buffer.from(`${version}\0`));
	return virtualImage(content);
}

function digest(): RunningDigest {
	const hash = createHash("sha256");
	return { write: (bytes) => void hash.update(bytes), end: () => hash.digest() };
}

/** A device on the virtual board whose firmware is whatever lies in the running slot, a broker, and where images are. */
export class UpdateRig {
	readonly board = new VirtualBoard({ crypto: nodeCrypto });
	readonly slots = new VirtualSlots(imageOf("1.0.0"), digest);
	readonly broker: VirtualBroker;
	readonly reports: Report[] = [];
	/** The versions that were started, in order. */
	readonly starts: string[] = [];
	readonly defects = new Map<string, Defects>();
	readonly files: FileServer;
	/** What is released. */
	image = imageOf("1.1.0");
	/** What is sent in its place, by whoever is on the way. */
	forged: Uint8Array | undefined;
	/** Whether somebody publishes the blocks that are asked for. */
	sendsBlocks = true;
	/** What the firmware writes its documents in. */
	encoding: Encoding = json;
	/** Where the device is at home. */
	cloud: Cloud | undefined;
	/** How it tells who may command it, the keys for that, and what it puts its reports into. */
	signing: Signing | undefined;
	envelope: Envelope | undefined;
	keys: readonly OwnerKey[] = [];
	running: Running | undefined;
	private listening: Server;

	constructor() {
		const { board } = this;
		board.slots = this.slots;
		this.broker = new VirtualBroker(board.world, board.text, { logMax: 0 });
		new SntpServer(board.internet, "10.0.0.2");
		this.files = new FileServer(board.internet, "10.0.0.3", "files.test", () => this.forged ?? this.image);
		this.listening = board.internet.listen(BROKER, 1883, this.broker.accept);
		board.internet.names.set("broker.test", BROKER).set("pool.ntp.org", "10.0.0.2");
		board.hardware.attach(new Bme280Chip(board.clock), { data: 21, clock: 22, address: 0x76 });
		board.hardware.pins.at(34).fraction = 0.5;
		board.onRestart = () => this.start();
		this.broker.observe(`${PREFIX}update`, (message) => {
			if (message.from === undefined) return;
			const { payload } = openMessage(Buffer.from(message.payload), `${PREFIX}update`, this.keys);
			const isPacked = (payload[0] ?? 0) >= 0x80;
			const report = (isPacked ? decode(payload) : JSON.parse(payload.toString())) as Report;
			this.reports.push(report);
			if (this.sendsBlocks) for (const block of report.blocks ?? []) this.sendBlock(block);
		});
	}

	/** The version of the firmware in the running slot. */
	get version(): string {
		const content = this.slots.runningContent ?? new Uint8Array();
		return Buffer.from(content.subarray(0, content.indexOf(0))).toString();
	}

	/** Starts what lies in the running slot. */
	start(): this {
		const { board, version } = this;
		this.starts.push(version);
		const { crashesMs, blind = false, mute = false, free = 100_000 } = this.defects.get(version) ?? {};
		board.free = free;
		if (crashesMs !== undefined) board.world.after(crashesMs, () => this.version === version && board.reset("crash"));
		const device = defineDevice({
			name: "Shed",
			encoding: this.encoding,
			...(this.cloud === undefined ? {} : { cloud: this.cloud }),
			...(this.signing === undefined ? {} : { signing: this.signing as Signing<never> }),
			...(this.envelope === undefined ? {} : { envelope: this.envelope }),
			updates: updates({ version, steady: seconds(30), within: minutes(5) }),
			buses: { main: i2c({ data: 21, clock: 22 }) },
			entities: {
				air: sensor(bme280, { bus: "main", every: seconds(5), ...(blind ? { address: 0x77 } : {}) }),
				soil: analogInput({ pin: 34, every: seconds(10), as: percent("moisture"), from: [0.8, 0.35] }),
				pump: relay({ pin: 26 }),
			},
		});
		const host = mute ? "nowhere.test" : "broker.test";
		this.running = run(board, device, {
			id: "shed",
			keys: this.keys.map(({ line }) => line),
			broker: { host, port: 1883 },
			updates: { keys: [KEY.publicKey], roots: [new Uint8Array(1)] },
		});
		return this;
	}

	/** A signed manifest of the image, for this device unless told otherwise. */
	manifest(facts: Partial<ReleaseFacts> = {}, key = KEY): string {
		const base = { device: "Shed", target: "virtual", version: "1.1.0", issued: 1_800_000_100 };
		return signRelease(this.image, { ...base, ...facts }, key);
	}

	/** A text is sent as it is. */
	order(order: object | string, retain = false): this {
		const payload = typeof order === "string" ? order : JSON.stringify(order);
		this.broker.publish(`${PREFIX}update`, payload, { qos: 1, retain });
		return this;
	}

	command(document: object): this {
		this.broker.publish(`${PREFIX}command`, JSON.stringify(document), { qos: 1 });
		return this;
	}

	set(entity: string, value: string): this {
		this.broker.publish(`${PREFIX}${entity}/set`, value, { qos: 1 });
		return this.advance(200);
	}

	sendBlock(block: number): void {
		const head = new Uint8Array(8);
		head.set(createHash("sha256").update(this.image).digest().subarray(0, 4));
		new DataView(head.buffer).setUint32(4, block);
		const bytes = (this.forged ?? this.image).subarray(block * SECTOR_BYTES, (block + 1) * SECTOR_BYTES);
		this.broker.publish(`${PREFIX}update/block`, Buffer.concat([head, bytes]), { qos: 1 });
	}

	advance(ms: number): this {
		this.board.world.advance(ms);
		return this;
	}

	/** Lets time pass until a report of this state comes. Throws when none does. */
	reaches(state: string, limitMs = 900_000): Report {
		const from = this.reports.length;
		const found = () => this.reports.slice(from).find((report) => report.state === state);
		if (this.board.world.until(() => found() !== undefined, limitMs, 20)) return found() as Report;
		throw new Error(`"${state}" never came; the last were ${JSON.stringify(this.reports.slice(-4))}`);
	}

	states(): string[] {
		return this.reports.map(({ state }) => state).filter((state, at, all) => state !== all[at - 1]);
	}

	last(): Report | undefined {
		return this.reports.at(-1);
	}

	/** The broker goes away, or comes back. */
	setBroker(there: boolean): void {
		this.listening.stop();
		this.broker.disconnect();
		if (there) this.listening = this.board.internet.listen(BROKER, 1883, this.broker.accept);
	}

	/** The power goes for a moment. */
	powerCycle(): this {
		this.board.world.after(0, () => this.board.reset("power"));
		return this.advance(1);
	}
}
