import type { DocumentWriter } from "../model/document.js";
import { reasonOf } from "../model/fault.js";
import type { LogLevel } from "../model/log-level.js";
import { Session } from "../mqtt/session.js";
import type { Message, SessionEnd, SessionHandler } from "../mqtt/types.js";
import { Link } from "../net/link.js";
import type { LinkHandler } from "../net/types.js";
import { closeBoot } from "./boot.js";
import { ClockOrigins } from "./clock-origins.js";
import { Depot } from "./depot.js";
import { LOG } from "./dispatch.js";
import { LogLines } from "./log-lines.js";
import { type Letter, Mailbox, type MailboxNeeds } from "./mailbox.js";
import { Outbox, type OutboxNeeds, SAMPLES_MAX } from "./outbox.js";
import { type OutboxReport, reportOutbox } from "./outbox-report.js";
import { Publisher } from "./publisher.js";
import type { PublisherNeeds } from "./publisher-needs.js";
import type { Scheduler } from "./scheduler.js";
import { DeviceSession, linkOptions, type Settings } from "./settings.js";
import { documentWriter } from "./telemetry.js";
import type { UplinkOwner } from "./uplink-owner.js";
import { UplinkView } from "./uplink-view.js";

/** A command with the retain flag comes again with every connection: it is refused the first time, too, where MQTT tells. */
const AS_PUBLISHED: { readonly retainAsPublished?: true } = Object.freeze({ retainAsPublished: true });

/** Everything between the device and its broker: the way there, the session, and what waits to be sent. */
export class Uplink
	extends UplinkView
	implements SessionHandler, LinkHandler, PublisherNeeds, OutboxNeeds, MailboxNeeds
{
	readonly link: Link;
	readonly mailbox: Mailbox;
	readonly outbox: Outbox;
	readonly depot: Depot;
	readonly publisher: Publisher;
	readonly origins: ClockOrigins;
	readonly session: Session;
	readonly writer: DocumentWriter;
	readonly options: DeviceSession;
	/** Only there once somebody asked for the log. */
	logLines: LogLines | undefined = undefined;
	private online = false;
	/** The command topics are still to be subscribed to. */
	private unsubscribed = false;

	constructor(owner: UplinkOwner, settings: Settings) {
		super(owner);
		const { board, device } = owner;
		this.depot = new Depot(owner);
		this.origins = new ClockOrigins(owner);
		this.mailbox = new Mailbox(this);
		this.outbox = new Outbox(this);
		this.options = new DeviceSession(settings, owner);
		this.session = new Session(this.options, board.clock, board.text, this);
		this.link = new Link(board, this.session, linkOptions(settings, device.cloud), this);
		if (device.cloud?.bridge !== undefined) this.cloud = device.cloud.bridge(owner, this.session, this);
		this.writer = documentWriter(device, board.text);
		this.publisher = new Publisher(this);
	}

	start(scheduler: Scheduler): void {
		const { link, session, publisher, outbox, mailbox } = this;
		for (const task of [link, link.sntp, session, publisher, outbox, mailbox]) scheduler.add(task);
		if (this.cloud !== undefined) scheduler.add(this.cloud);
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
		const { depot, mailbox, outbox, logLines } = this;
		return reportOutbox(depot, mailbox.waiting, outbox.waiting, logLines, this.owner.cuts);
	}

	/** Sends what the device has to say to the topic `log`, from this level on. */
	logAt(level: LogLevel): void {
		if (level !== "off") this.logLines ??= new LogLines(this.boot);
		if (this.logLines !== undefined) this.logLines.level = level;
	}

	/** One more line of the log; sent when somebody asked for it. */
	logLine(line: string, level: LogLevel): void {
		if (this.logLines === undefined) return;
		this.logLines.put(line, level, this.owner.board.clock.monotonicMs());
		this.publisher.wake();
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
			this.owner.log(refused, "error");
		}
		this.cloud?.begin();
		this.publisher.begin();
	}

	onMessage(message: Message): void {
		const { prefix } = this.owner;
		if (message.topic.startsWith(prefix)) this.owner.onCommand(message.topic.slice(prefix.length), message);
		else this.cloud?.onMessage(message);
	}

	onAcknowledged(token: number, refused: string | undefined): void {
		if (refused !== undefined && token !== LOG) {
			const topic = this.publisher.topicOf(token);
			this.link.lastError = refused.includes(topic) ? refused : `${topic}: ${refused}`; // not in `health` else: it stays online
			this.owner.log(this.link.lastError, "warning");
		}
		this.publisher.acknowledged(token, refused !== undefined);
	}

	onRoom(): void {
		if (this.unsubscribed) this.subscribe();
		this.cloud?.wake();
		this.publisher.wake();
	}

	onEnded(end: SessionEnd): void {
		this.publisher.end();
		this.link.ended(end);
	}

	onLink(): void {
		const { state, lastError } = this.link;
		const online = state === "online";
		if (!online) {
			this.publisher.end(); // the link may have closed the session itself
			this.cloud?.end();
		}
		const tellsWhy =
			lastError !== undefined && (state === "waiting" || (state === "network" && this.link.failures > 0));
		if (tellsWhy) this.owner.log(`link: ${state}, because ${lastError}`, "warning");
		else this.owner.log(`link: ${state}`);
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
		this.outlet.publish(`${this.owner.prefix}status`, "offline", 0, true, 0);
	}

	private settleClock(): void {
		try {
			this.origins.settle();
		} catch (error) {
			this.owner.log(`the time of what is stored could not be stored: ${reasonOf(error)}`, "error");
		}
	}

	private subscribe(): void {
		const { prefix, device } = this.owner;
		const filters = [`${prefix}+/set`, `${prefix}command`];
		if (device.updates !== undefined) filters.push(`${prefix}update`, `${prefix}update/block`);
		const { retainAsPublished } = device.cloud ?? AS_PUBLISHED;
		const options = retainAsPublished === true ? AS_PUBLISHED : undefined;
		if (this.session.subscribe(this.cloud?.filters(filters) ?? filters, 1, options)) this.unsubscribed = false;
	}
}
