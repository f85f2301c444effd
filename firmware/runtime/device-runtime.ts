import type { Device } from "../model/device.js";
import { reasonOf } from "../model/fault.js";
import type { Trigger } from "../model/rules.js";
import { Session } from "../mqtt/session.js";
import type { Message, SessionEnd, SessionHandler } from "../mqtt/types.js";
import { Link } from "../net/link.js";
import type { LinkHandler } from "../net/types.js";
import type { Board } from "../ports/board.js";
import { countBoot } from "./boot.js";
import type { DeviceAction } from "./command-document.js";
import { Commands, type CommandTarget } from "./commands.js";
import { type Context, type Entity, quote } from "./entities/entity.js";
import { EntityList } from "./entities/list.js";
import { healthJson } from "./health.js";
import { Mailbox } from "./mailbox.js";
import { Outbox } from "./outbox.js";
import { type Payloads, Publisher } from "./publisher.js";
import { type PanicHandler, Scheduler, type Task } from "./scheduler.js";
import { type Settings, sessionOptions, topicPrefix } from "./settings.js";
import { VERSION } from "./version.js";

const RESTART_MS = 3_000; // longest wait for the broker to take the result of a restart command
const PANIC_TELL_MS = 60_000; // a fault that repeats is counted each time and told once a minute

/** The life of one device: its entities, its link to the broker, and what goes between them. */
export class DeviceRuntime
	implements Context, CommandTarget, Payloads, SessionHandler, LinkHandler, PanicHandler, Task
{
	readonly board: Board;
	readonly device: Device;
	readonly id: string;
	readonly link: Link;
	/** When a restart that was asked for is to happen. */
	dueMs = Number.POSITIVE_INFINITY;
	private readonly prefix: string;
	private readonly boot: number;
	private readonly scheduler: Scheduler;
	private readonly session: Session;
	private readonly mailbox = new Mailbox();
	private readonly outbox: Outbox;
	private readonly commands = new Commands(this);
	private readonly entities: EntityList;
	private readonly publisher: Publisher;
	private eventSeq = 0;
	private faults = 0;
	private panicToldMs = Number.NEGATIVE_INFINITY;
	private wasOnline = false;

	constructor(board: Board, device: Device, settings: Settings) {
		this.board = board;
		this.device = device;
		this.id = settings.id ?? board.uniqueId;
		this.prefix = topicPrefix(settings, this.id);
		this.scheduler = new Scheduler(board, this);
		this.boot = countBoot(board);
		this.outbox = new Outbox(device);
		this.session = new Session(sessionOptions(settings, this.id), board.clock, board.text, this);
		this.link = new Link(board, this.session, settings.broker, settings.timeServer ?? "pool.ntp.org", this);
		const { prefix, boot, session, mailbox, outbox } = this;
		this.publisher = new Publisher({ board, session, prefix, boot, mailbox, outbox, payloads: this, device });
		this.entities = new EntityList(this, device);
	}

	/** Begins: from here on everything happens in callbacks. */
	start(): void {
		// Local control first: whatever else is due at the same moment waits for it.
		for (const entity of this.entities.all) this.scheduler.add(entity);
		this.scheduler.add(this.link);
		this.scheduler.add(this.link.sntp);
		this.scheduler.add(this.session);
		this.scheduler.add(this.publisher);
		this.scheduler.add(this);
		this.link.start();
		this.scheduler.settle();
	}

	stop(): void {
		this.session.publish(`${this.prefix}status`, "offline", 0, true, 0);
		this.link.stop();
		for (const entity of this.entities.all) this.guarded("closing a part", entity);
		this.scheduler.stop();
	}

	// Context: what entities ask for

	stateChanged(stateIndex: number): void {
		this.publisher.stateChanged(stateIndex);
	}

	event(entity: string, event: string, detail: string): void {
		const time = this.board.clock.wallMs() ?? null;
		const seq = ++this.eventSeq;
		const head = `{"boot":${this.boot},"seq":${seq},"time":${time},"entity":${quote(entity)},"event":"${event}"`;
		this.post("event", `${head}${detail}}`);
		if (event === "fault" || event === "recovered") this.board.log(`${entity}: ${event}${detail}`);
	}

	sample(partIndex: number, values: Float64Array): void {
		this.outbox.put(partIndex, this.board.clock.monotonicMs(), values);
	}

	trigger(key: string, event: Trigger["event"]): void {
		for (const rule of this.device.rules) {
			if (rule.trigger.entity !== key || rule.trigger.event !== event) continue;
			for (const { entity, action } of rule.actions) this.entities.byKey(entity)?.act?.(action, `rule ${key} ${event}`);
		}
	}

	// CommandTarget: what commands ask for

	entity(id: string): Entity | undefined {
		return this.entities.find(id);
	}

	result(payload: string, message: Message): void {
		this.post("result", payload);
		const { responseTopic, correlationData } = message;
		if (responseTopic === undefined || !this.mayAnswerTo(responseTopic)) return;
		this.mailbox.put({ topic: responseTopic, absolute: true, payload, correlationData: correlationData?.slice() });
	}

	perform(action: DeviceAction): string | undefined {
		if (action === "report") this.publisher.report();
		else if (action === "restart") this.dueMs = this.board.clock.monotonicMs() + RESTART_MS;
		else {
			const entity = this.entities.all.find((one) => one.identify !== undefined);
			if (entity === undefined) return "this device has no light to show itself with";
			entity.identify?.(this.board.clock.monotonicMs());
		}
		return undefined;
	}

	// Task: the restart that a command asked for

	run(): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		this.stop();
		this.board.restart();
	}

	// Payloads: what the publisher sends

	about(): string {
		const { id, device, board } = this;
		return (
			`{"id":"${id}","name":${quote(device.name)},"farpin":"${VERSION}","contract":1,"target":${quote(board.target)}` +
			`,"telemetryMs":${device.telemetryEveryMs},"entities":${device.entitiesJson}}`
		);
	}

	health(): string {
		return healthJson(this.board, this.link, {
			waiting: this.outbox.count,
			dropped: this.outbox.dropped + this.mailbox.dropped,
			refused: this.commands.refused,
			faults: this.faults,
			stale: this.entities.stale(),
		});
	}

	state(index: number): string {
		return this.entities.stateText(index);
	}

	stateTopic(index: number): string {
		return this.entities.stateTopic(index);
	}

	// SessionHandler: what the broker says

	onOnline(): void {
		this.link.online();
		this.session.subscribe([`${this.prefix}+/set`, `${this.prefix}command`], 1);
	}

	onSubscribed(refused: string | undefined): void {
		if (refused !== undefined) this.board.log(`the broker refused the command topics: ${refused}`);
		this.publisher.begin();
	}

	onMessage(message: Message): void {
		if (message.topic.startsWith(this.prefix)) this.commands.handle(message.topic.slice(this.prefix.length), message);
	}

	onAcknowledged(token: number, refused: string | undefined): void {
		if (refused !== undefined) this.board.log(`the broker refused a message: ${refused}`);
		this.publisher.acknowledged(token);
		if (this.dueMs !== Number.POSITIVE_INFINITY && this.mailbox.waiting === 0) this.dueMs = 0;
	}

	onRoom(): void {
		this.publisher.wake();
	}

	onEnded(end: SessionEnd): void {
		this.publisher.end();
		this.link.ended(end);
	}

	// LinkHandler

	onLink(): void {
		const { state, lastError } = this.link;
		const online = state === "online";
		if (!online) this.publisher.end(); // the link may have closed the session itself
		this.board.log(state === "waiting" ? `link: waiting, because ${lastError}` : `link: ${state}`);
		if (online === this.wasOnline) return;
		this.wasOnline = online;
		const nowMs = this.board.clock.monotonicMs();
		for (const entity of this.entities.all) entity.onLink?.(online, nowMs);
	}

	// PanicHandler

	onPanic(where: string, error: unknown): void {
		this.faults++;
		const reason = `internal error in ${where}: ${reasonOf(error)}`;
		const nowMs = this.board.clock.monotonicMs();
		if (nowMs - this.panicToldMs < PANIC_TELL_MS) return;
		this.panicToldMs = nowMs;
		this.board.log(reason);
		this.event("", "fault", `,"reason":${quote(reason)}`);
	}

	/** Answers go to topics outside the commands of this device: else an answer could be made to command something. */
	private mayAnswerTo(topic: string): boolean {
		return topic !== "" && !topic.endsWith("/set") && !topic.endsWith("/command");
	}

	private post(topic: string, payload: string): void {
		this.mailbox.put({ topic, absolute: false, payload, correlationData: undefined });
		this.publisher.wake();
	}

	private guarded(where: string, entity: Entity): void {
		try {
			entity.close();
		} catch (error) {
			this.onPanic(where, error);
		}
	}
}
