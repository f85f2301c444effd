import reference from "../../firmware/device.js";
import { inEncoding } from "../../firmware/model/device.js";
import type { Encoding } from "../../firmware/model/document.js";
import { json } from "../../firmware/model/json.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import { DeviceRig } from "../runtime/rig.js";
import type { BrokerOptions } from "../virtual/broker.js";
import { VirtualFlash } from "../virtual/flash.js";
import type { Server } from "../virtual/internet.js";
import type { VirtualPin } from "../virtual/pins.js";
import type { World } from "../virtual/world.js";
import { type Deed, deedsOf } from "./troubles.js";

const BROKER = "10.0.0.1";
const PAUSE_MAX_MS = 90_000;
const BACK_MS = 600_000; // the longest pause between attempts, with a handshake that fails once more
const DRAIN_MS = 4 * 3_600_000;

/** As large as on a chip, and so small that an outage of an hour fills it. */
const FLASH_SEGMENTS: readonly number[] = [64, 4, 8];

/** What the broker can, and how much it takes at once. */
function brokerOf(seed: number): BrokerOptions {
	const kinds: readonly BrokerOptions[] = [
		{},
		{ versions: [4] },
		{ properties: { receiveMaximum: 1, topicAliasMaximum: 3, serverKeepAlive: 15 } },
		{ properties: { receiveMaximum: 3, maximumPacketSize: 2_500 } },
	];
	return { ...kinds[seed % kinds.length], logMax: 0 };
}

function encodingOf(seed: number): Encoding {
	return seed % 5 === 0 ? messagePack : json;
}

/** How the world treats the device: `mild` takes its power and its flash never away, so that everything can be counted. */
export type Climate = "mild" | "wild";

/** One start of the device, as seen at its pump. */
export interface Boot {
	/** The number that the device gave it. */
	readonly number: number;
	/** What was put on the pin, level by level, the first one included; the pump is on at 0. */
	readonly levels: number[];
	/** It ended without a chance to save anything. */
	cut: boolean;
}

/**
 * The reference device through hours of trouble of every kind, chosen by chance from a seed: the same seed is the same
 * life. What it promises is checked afterwards, by `promises.ts`, and here as far as only the moment can tell.
 */
export class Life {
	readonly rig: DeviceRig;
	readonly climate: Climate;
	readonly flash: VirtualFlash;
	readonly boots: Boot[] = [];
	/** What happened, in order, for whoever looks into a broken promise. */
	readonly diary: string[] = [];
	readonly broken: string[] = [];
	/** For names of commands. */
	serial = 0;
	/** How often the broker refused messages for a while. */
	refusals = 0;
	/** The date was made to jump, so that times mean nothing. */
	dateJumped = false;
	private readonly endings = new Set<() => void>();
	private server: Server | undefined;
	private offlineSinceMs = 0;

	constructor(seed: number, climate: Climate) {
		this.climate = climate;
		this.rig = new DeviceRig({ seed, broker: brokerOf(seed), device: inEncoding(reference, encodingOf(seed)) });
		this.flash = new VirtualFlash(FLASH_SEGMENTS[seed % FLASH_SEGMENTS.length], 4_096);
		this.rig.board.segments = this.flash;
		this.server = this.rig.board.internet.server(BROKER, 1883);
		this.rig.board.onRestart = () => this.begin();
		this.watchPump();
		this.begin();
	}

	get world(): World {
		return this.rig.board.world;
	}

	/** A whole number from 0 to below `n`. */
	pick(n: number): number {
		return Math.floor(this.world.random() * n);
	}

	/** Lives through this much trouble, and then some time without any; returns what was broken. */
	live(hours: number): this {
		const deeds = deedsOf(this.climate);
		const total = deeds.reduce((sum, { weight }) => sum + weight, 0);
		const endMs = this.world.nowMs + hours * 3_600_000;
		while (this.world.nowMs < endMs) {
			const deed = choose(deeds, this.pick(total));
			this.note(deed.name);
			deed.run(this);
			this.pass(this.pick(PAUSE_MAX_MS));
		}
		return this.heal();
	}

	/** Something that lasts for a while, up to `seconds`, or until all trouble is over. */
	during(seconds: number, end: () => void): void {
		const once = (): void => {
			if (this.endings.delete(once)) end();
		};
		this.endings.add(once);
		this.world.after(1_000 * (1 + this.pick(seconds)), once);
	}

	/** The broker goes, with every connection and, perhaps, with all that it knew. */
	stopBroker(forgets: boolean): void {
		const { broker } = this.rig;
		this.server?.stop();
		this.server = undefined;
		broker.disconnect();
		if (!forgets) return;
		broker.retained.clear();
		broker.sessions.clear();
	}

	startBroker(): void {
		this.server ??= this.rig.board.internet.listen(BROKER, 1883, this.rig.broker.accept);
	}

	/** The device starts again without having been asked. */
	reset(reason: "power" | "crash" | "watchdog" | "brownout"): void {
		const boot = this.boots.at(-1);
		if (boot !== undefined) boot.cut = true;
		this.rig.board.reset(reason);
	}

	note(what: string): void {
		this.diary.push(`${(this.world.nowMs / 1_000).toFixed(1)} s: ${what}`);
	}

	accuse(what: string): void {
		this.broken.push(`${(this.world.nowMs / 1_000).toFixed(1)} s: ${what}`);
	}

	/** Lets time pass, with an eye on what only the moment can tell. */
	pass(ms: number): void {
		for (let left = ms; left > 0; left -= 1_000) {
			this.world.advance(Math.min(left, 1_000));
			this.look();
		}
	}

	private look(): void {
		const { state, lastError } = this.rig.running?.link ?? {};
		const { nowMs } = this.world;
		if (state === "online") this.offlineSinceMs = nowMs;
		else if (nowMs - this.offlineSinceMs > 120_000 && !lastError) this.accuse(`it is ${state}, and does not say why`);
	}

	private begin(): void {
		this.boots.push({ number: 0, levels: [], cut: false });
		this.offlineSinceMs = this.world.nowMs;
		this.rig.start(0);
		const { boot } = this.rig.running as unknown as { readonly boot: number };
		Object.assign(this.boots.at(-1) as Boot, { number: boot });
	}

	private watchPump(): void {
		const pin: VirtualPin = this.rig.pin("pump");
		const put = pin.put.bind(pin);
		pin.put = (value) => {
			put(value);
			const { levels } = this.boots.at(-1) as Boot;
			if (levels.at(-1) !== value) levels.push(value);
		};
	}

	/** All trouble is over. The device has to come back, and to tell everything that it has kept. */
	private heal(): this {
		this.note("all trouble is over");
		for (const end of [...this.endings]) end();
		this.startBroker();
		const isOnline = (): boolean => this.rig.running?.link.state === "online";
		if (!this.world.until(isOnline, BACK_MS, 1_000))
			this.accuse(`it did not come back: ${this.rig.running?.link.lastError}`);
		const isEmpty = (): boolean => {
			const { event, telemetry } = this.rig.running?.outbox ?? {};
			return event?.waiting === 0 && telemetry?.stored === 0;
		};
		if (!this.world.until(isEmpty, DRAIN_MS, 1_000)) this.accuse("it did not tell all that it had kept");
		this.pass(90_000); // what was refused goes out with the next health
		return this;
	}
}

/** The deed at this place of a line in which each has as many places as its weight. */
function choose(deeds: readonly Deed[], place: number): Deed {
	let left = place;
	for (const deed of deeds) {
		left -= deed.weight;
		if (left < 0) return deed;
	}
	return deeds[0] as Deed;
}
