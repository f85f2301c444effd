import type { Device } from "../model/device.js";
import type { LogLevel } from "../model/log-level.js";
import type { Trigger } from "../model/rules.js";
import type { SignatureGate } from "../model/signing.js";
import type { Message } from "../mqtt/types.js";
import type { Board } from "../ports/board.js";
import { answerTo } from "./answers.js";
import { countBoot } from "./boot.js";
import type { DeviceAction } from "./command-document.js";
import { Commands, type CommandTarget } from "./commands.js";
import { DeviceVoice } from "./device-voice.js";
import type { Context, Entity } from "./entities/entity.js";
import { EntityList } from "./entities/list.js";
import { aboutJson, healthJson } from "./health.js";
import type { OutboxReport } from "./outbox-report.js";
import { Scheduler, type Task } from "./scheduler.js";
import { deviceId, type Settings, settingsFault, topicPrefix } from "./settings.js";
import { Uplink } from "./uplink.js";
import type { UplinkOwner } from "./uplink-owner.js";

const RESTART_MS = 3_000; // longest wait for the broker to take the result of a restart command
const RETRY_MS = 1_000; // when the restart itself failed

/** The life of one device: its entities, what they do together, and the answers to commands. */
export class DeviceRuntime extends DeviceVoice implements Context, CommandTarget, UplinkOwner, Task {
	readonly board: Board;
	readonly device: Device;
	readonly id: string;
	readonly prefix: string;
	readonly boot: number;
	readonly cuts: number;
	/** Of a device that wants signed commands: others have no room for it. */
	declare readonly gate?: SignatureGate;
	/** When a restart that was asked for is to happen. */
	private restartMs = Number.POSITIVE_INFINITY;
	protected readonly scheduler: Scheduler;
	protected readonly uplink: Uplink;
	private readonly commands = new Commands(this);
	protected readonly entities: EntityList;
	private stopped = false;

	constructor(board: Board, device: Device, settings: Settings) {
		super();
		this.board = board;
		this.device = device;
		if (device.signing !== undefined) this.gate = device.signing.gate(board.clock);
		this.id = deviceId(settings, board.uniqueId);
		this.prefix = topicPrefix(settings, this.id);
		this.scheduler = new Scheduler(board, this);
		const fault = settingsFault(settings);
		if (fault !== undefined) this.log(fault, "error");
		({ boot: this.boot, cuts: this.cuts } = countBoot(board, (line) => this.log(line, "error")));
		this.uplink = new Uplink(this, settings);
		this.uplink.logAt(device.log);
		this.entities = new EntityList(this, device);
	}

	get link() {
		return this.uplink.link;
	}

	/** How everything stands that waits for the broker. */
	get outbox(): OutboxReport {
		return this.uplink.report();
	}

	/** Begins: from here on everything happens in callbacks. */
	start(): void {
		// Local control first: whatever else is due at the same moment waits for it.
		for (const entity of this.entities.all) this.scheduler.add(entity);
		this.scheduler.add(this);
		this.guarded("starting the link", () => this.uplink.start(this.scheduler));
		this.scheduler.settle();
	}

	stop(): void {
		if (this.stopped) return;
		this.stopped = true;
		for (const entity of this.entities.all) this.guarded("closing a part", () => entity.close());
		this.guarded("ending the link", () => this.uplink.stop());
		this.scheduler.stop();
	}

	// Context: what entities ask for

	stateChanged(stateIndex: number): void {
		this.uplink.publisher.stateChanged(stateIndex);
	}

	sample(partIndex: number, values: ArrayLike<number>): void {
		this.uplink.sample(partIndex, values);
	}

	trigger(key: string, event: Trigger["event"]): void {
		this.entities.trigger(key, event);
	}

	// CommandTarget: what commands ask for

	get keys(): readonly string[] {
		return this.uplink.options.keys;
	}

	get settings(): Settings {
		return this.uplink.options.settings;
	}

	entity(id: string): Entity | undefined {
		return this.entities.find(id);
	}

	result(payload: string, message: Message): void {
		this.uplink.post({ topic: `${this.prefix}result`, payload });
		const answer = answerTo(message, payload, this.prefix);
		if (answer !== undefined) this.uplink.post(answer);
		this.uplink.cloud?.onResult(payload, message);
	}

	objection(action: DeviceAction): string | undefined {
		if (action !== "identify" || this.entities.beacon !== undefined) return undefined;
		return "this device has no light to show itself with";
	}

	logAt(level: LogLevel): void {
		this.uplink.logAt(level);
	}

	perform(action: DeviceAction): void {
		if (action === "report") this.uplink.publisher.report();
		else if (action === "restart") this.restartMs = this.board.clock.monotonicMs() + RESTART_MS;
		else this.entities.beacon?.identify?.(this.board.clock.monotonicMs());
	}

	// Task: the restart that a command asked for, as soon as its result is delivered

	get dueMs(): number {
		const asked = this.restartMs !== Number.POSITIVE_INFINITY;
		return asked && this.uplink.mailbox.waiting === 0 ? 0 : this.restartMs;
	}

	run(nowMs: number): void {
		this.restartMs = nowMs + RETRY_MS;
		this.stop();
		this.scheduler.add(this);
		this.board.restart();
		this.restartMs = Number.POSITIVE_INFINITY;
	}

	// UplinkOwner: what is published, and what the broker says

	about(): string {
		return aboutJson(this.board, this.device, this.id);
	}

	health(): string {
		const [refused, stale] = [this.commands.refused, this.entities.stale()];
		return healthJson(this.board, this.link, { outbox: this.outbox, refused, faults: this.faults, stale });
	}

	state(index: number): string {
		return this.entities.stateText(index);
	}

	stateTopic(index: number): string {
		return this.entities.stateTopic(index);
	}

	onCommand(topic: string, message: Message): void {
		this.commands.handle(topic, message);
	}

	onReach(online: boolean): void {
		for (const entity of this.entities.all) entity.onLink?.(online, this.board.clock.monotonicMs());
	}
}
