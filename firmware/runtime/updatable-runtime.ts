import type { Device } from "../model/device.js";
import type { ReceivedOrder, UpdateHost, Updater, Updates, UpdateTrust } from "../model/updates.js";
import type { Message } from "../mqtt/types.js";
import type { Board } from "../ports/board.js";
import { SignatureBudget } from "../security/signature-budget.js";
import { DeviceRuntime } from "./device-runtime.js";
import { signedInVain, UNSIGNED } from "./proof.js";
import type { Settings } from "./settings.js";

function always(): boolean {
	return true;
}

function unsigned(): boolean {
	throw new Error(UNSIGNED);
}

/** The life of a device that can be renewed from afar. */
export class UpdatableRuntime extends DeviceRuntime implements UpdateHost {
	readonly trust: UpdateTrust;
	readonly releaseBudget: SignatureBudget;
	private readonly updater: Updater;

	constructor(board: Board, device: Device, updates: Updates, settings: Settings) {
		super(board, updates.begin(board, device), settings);
		const { keys = [], roots = [] } = settings.updates ?? {};
		this.trust = { keys, roots, builtMs: settings.builtMs ?? 0 };
		this.releaseBudget = new SignatureBudget(board.clock);
		this.updater = updates.create(this);
	}

	override start(): void {
		super.start();
		this.scheduler.add(this.updater);
		this.scheduler.settle();
	}

	override stop(): void {
		this.updater.stop();
		super.stop();
	}

	override onCommand(topic: string, message: Message): void {
		if (topic === "update") this.order(message);
		else if (topic !== "update/block") super.onCommand(topic, message);
		else if (!message.retain) this.updater.onBlock(message.payload);
	}

	/** What the device says on this topic comes back to it, in its envelope where it has one. */
	private order({ payload, retain }: Message): void {
		if (this.device.envelope?.isOwn(payload, this.board) !== true) this.updater.onOrder(payload, retain);
	}

	received(payload: Uint8Array): ReceivedOrder {
		const { signing } = this.device;
		const inVain = signedInVain(signing, payload);
		if (inVain !== undefined) throw new Error(inVain);
		if (signing === undefined) return { content: payload, admit: always };
		if (!signing.isSigned(payload)) return { content: payload, admit: unsigned };
		const { members, admit } = signing.openOrder(payload, this);
		return { content: members, admit };
	}

	get online(): boolean {
		return this.link.state === "online";
	}

	get waiting(): number {
		return this.uplink.mailbox.waiting;
	}

	stale(): readonly string[] {
		return this.entities.stale();
	}

	busy(): readonly string[] {
		return this.entities.busy();
	}

	report(payload: string): void {
		this.uplink.post({ topic: `${this.prefix}update`, payload, atMs: this.board.clock.monotonicMs() });
	}

	restart(): void {
		this.perform("restart");
	}
}
