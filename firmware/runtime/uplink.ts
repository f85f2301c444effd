import type { Device } from "../model/device.js";
import type { DocumentWriter } from "../model/document.js";
import { reasonOf } from "../model/fault.js";
import { Session } from "../mqtt/session.js";
import type { Message, SessionEnd, SessionHandler } from "../mqtt/types.js";
import { Link } from "../net/link.js";
import type { LinkHandler } from "../net/types.js";
import type { Board } from "../ports/board.js";
import { closeBoot } from "./boot.js";
import { ClockOrigins } from "./clock-origins.js";
import { Depot } from "./depot.js";
import { type Letter, Mailbox, type MailboxNeeds } from "./mailbox.js";
import { Outbox, type OutboxNeeds, SAMPLES_MAX } from "./outbox.js";
import { type OutboxReport, reportOutbox } from "./outbox-report.js";
import { Publisher } from "./publisher.js";
import type { Payloads, PublisherNeeds } from "./publisher-needs.js";
import type { Scheduler } from "./scheduler.js";
import { DeviceSession, linkOptions, type Settings } from "./settings.js";
import { documentWriter } from "./telemetry.js";

/** The device, as its uplink sees it. */
export interface UplinkOwner extends Payloads {
	readonly board: Board;
	readonly device: Device;
	/** The device's name on the wire. */
	readonly id: string;
	/** The first part of every topic of the device, with its last slash. */
	readonly prefix: string;
	/** Number of this start. */
	readonly boot: number;
	/** Starts that ended without a chance to save what was only in memory. */
	readonly cuts: number;
	/** A message arrived; `topic` is the part below the device's own. */
	onCommand(topic: string, message: Message): void;
	/** The broker came into reach or went out of it. */
	onReach(online: boolean): void;
	/** One line for whoever watches the board. Throws nothing. */
	log(line: string): void;
}

/** Everything between the device and its broker: the way there, the session, and what waits to be sent. */
export class Uplink implements SessionHandler, LinkHandler, PublisherNeeds, OutboxNeeds, MailboxNeeds {
	readonly link: Link;
	readonly mailbox: Mailbox;
	readonly outbox: Outbox;
	readonly depot: Depot;
	readonly publisher: Publisher;
	private readonly owner: UplinkOwner;
	readonly origins: ClockOrigins;
	readonly session: Session;
	readonly writer: DocumentWriter;
	readonly options: DeviceSession;
	private online = false;
	/** The command topics are still to be subscribed to. */
	private unsubscribed = false;

	constructor(owner: UplinkOwner, settings: Settings) {
		const { board, device } = owner;
		this.owner = owner;
		this.depot = new Depot(owner);
		this.origins = new ClockOrigins(owner);
		this.mailbox = new Mailbox(this);
		this.outbox = new Outbox(this);
		this.options = new DeviceSession(settings, owner);
		this.session = new Session(this.options, board.clock, board.text, this);
		this.link = new Link(board, this.session, linkOptions(settings), this);
		this.writer = documentWriter(device, board.text);
		this.publisher = new Publisher(this);
	}

	get board(): Board {
		return this.owner.board;
	}

	get device(): Device {
		return this.owner.device;
	}

	get boot(): number {
		return this.owner.boot;
	}

	get prefix(): string {
		return this.owner.prefix;
	}

	get payloads(): Payloads {
		return this.owner;
	}

	start(scheduler: Scheduler): void {
		scheduler.add(this.link);
		scheduler.add(this.link.sntp);
		scheduler.add(this.session);
		scheduler.add(this.publisher);
		scheduler.add(this.outbox);
		scheduler.add(this.mailbox);
		this.link.start();
	}

	/** Says `offline`, ends the connection, and writes to flash what is not delivered. */
	stop(): void {
		this.onLeave();
		this.link.stop();
		const lettersSaved = this.mailbox.save();
		const samplesSaved = this.outbox.save();
		this.depot.settle();
		this.settleClock();
		if (lettersSaved && samplesSaved) closeBoot(this.owner.board, this.owner.boot);
	}

	post(letter: Letter): void {
		this.mailbox.put(letter, this.owner.board.clock.monotonicMs());
		this.publisher.wake();
	}

	/** How everything stands that waits for the broker. */
	report(): OutboxReport {
		return reportOutbox(this.depot, this.mailbox.waiting, this.outbox.waiting, this.owner.cuts);
	}

	/** Keeps one measurement of the part `partIndex`; `values` are copied. */
	sample(partIndex: number, values: ArrayLike<number>): void {
		this.outbox.put(partIndex, this.owner.board.clock.monotonicMs(), values);
		if (this.outbox.window.count > SAMPLES_MAX / 2) this.publisher.wake();
		this.settleClock();
	}

	onOnline(): void {
		this.unsubscribed = true;
		this.link.online();
		this.subscribe();
	}

	onSubscribed(refused: string | undefined): void {
		if (refused !== undefined) {
			this.link.lastError = refused; // online, and yet deaf: the owner must be able to see why
			this.owner.log(refused);
		}
		this.publisher.begin();
	}

	onMessage(message: Message): void {
		const { prefix } = this.owner;
		if (message.topic.startsWith(prefix)) this.owner.onCommand(message.topic.slice(prefix.length), message);
	}

	onAcknowledged(token: number, refused: string | undefined): void {
		if (refused !== undefined) this.owner.log(refused);
		this.publisher.acknowledged(token, refused !== undefined);
	}

	onRoom(): void {
		if (this.unsubscribed) this.subscribe();
		this.publisher.wake();
	}

	onEnded(end: SessionEnd): void {
		this.publisher.end();
		this.link.ended(end);
	}

	onLink(): void {
		const { state, lastError } = this.link;
		const online = state === "online";
		if (!online) this.publisher.end(); // the link may have closed the session itself
		const tellsWhy =
			lastError !== undefined && (state === "waiting" || (state === "network" && this.link.failures > 0));
		this.owner.log(tellsWhy ? `link: ${state}, because ${lastError}` : `link: ${state}`);
		if (online === this.online) return;
		this.online = online;
		this.owner.onReach(online);
	}

	onBroker(index: number): void {
		if (index === this.options.brokerIndex) return;
		this.session.forgetSession(); // it was agreed with another server
		this.options.brokerIndex = index;
	}

	/** The will is not published when a connection ends in good order. */
	onLeave(): void {
		this.session.publish(`${this.owner.prefix}status`, "offline", 0, true, 0);
	}

	private settleClock(): void {
		try {
			this.origins.settle();
		} catch (error) {
			this.owner.log(`the time of what is stored could not be stored: ${reasonOf(error)}`);
		}
	}

	private subscribe(): void {
		const { prefix, device } = this.owner;
		const filters = [`${prefix}+/set`, `${prefix}command`];
		if (device.updates !== undefined) filters.push(`${prefix}update`, `${prefix}update/block`);
		if (this.session.subscribe(filters, 1)) this.unsubscribed = false;
	}
}
