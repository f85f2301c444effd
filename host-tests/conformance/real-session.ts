import type { Message, Outgoing, SessionEnd, SessionHandler, SessionOptions } from "../../firmware/mqtt/session.js";
import { Session } from "../../firmware/mqtt/session.js";
import type { Store } from "../../firmware/ports/store.js";
import { PcCalls } from "../../scripts/board/calls.js";
import { PcClock } from "../../scripts/board/clock.js";
import { PcNetwork } from "../../scripts/board/network.js";
import { pcText } from "../../scripts/board/text.js";

const RUN_MS = 10;
const RETRY_MS = 50;
const WAIT_MS = 8_000;

/** What a test sees of a message. */
export interface Got {
	readonly topic: string;
	readonly text: string;
	readonly qos: number;
	readonly retain: boolean;
	readonly contentType: string | undefined;
	readonly responseTopic: string | undefined;
	readonly correlation: string | undefined;
	readonly expiryS: number | undefined;
	readonly subscriptionId: number | undefined;
	readonly user: string | undefined;
}

/** Our session on a real socket of the computer's board, with an owner that keeps what is not acknowledged. */
export class RealSession implements SessionHandler {
	readonly session: Session;
	readonly got: Got[] = [];
	/** Everything else it was told, in order. */
	readonly told: string[] = [];
	/** Comes back by itself when the connection ends. */
	stays = true;
	private readonly port: number;
	private readonly version: 4 | 5;
	private readonly network: PcNetwork;
	private readonly kept = new Map<number, Outgoing & { readonly qos: 0 | 1 | 2 }>();
	private readonly handed = new Set<number>();
	private readonly timer: NodeJS.Timeout;
	private tokens = 0;

	constructor(port: number, version: 4 | 5, options: Partial<SessionOptions> & { clientId: string }, store?: Store) {
		this.port = port;
		this.version = version;
		const calls = new PcCalls(() => undefined);
		calls.attach({
			settle: () => undefined,
			panic: (_where: string, error: unknown) => {
				this.told.push(`panic ${error}`);
			},
		});
		this.network = new PcNetwork(calls);
		const base = { keepAliveS: 30, receiveBytesMax: 4_096, sendBytesMax: 4_096, inFlightMax: 8 };
		const clock = new PcClock();
		this.session = new Session({ ...base, ...options }, clock, pcText, this, store);
		this.timer = setInterval(() => {
			if (this.session.dueMs <= clock.monotonicMs()) this.session.run(clock.monotonicMs());
		}, RUN_MS);
	}

	/** Connects, and waits until the broker has accepted it. */
	async online(): Promise<this> {
		this.told.length = 0;
		this.stays = true;
		this.connect();
		await this.hears(() => this.told.some((line) => line.startsWith("online")), "being online");
		return this;
	}

	/** Publishes, and again until the broker has it; not heard of for QoS 0. */
	say(topic: string, payload: string, qos: 0 | 1 | 2): void {
		this.kept.set(++this.tokens, { topic, payload, retain: false, qos });
		this.pump();
	}

	async subscribed(...args: Parameters<Session["subscribe"]>): Promise<void> {
		const before = this.told.filter((line) => line.startsWith("subscribed")).length;
		if (!this.session.subscribe(...args)) throw new Error("it cannot subscribe now");
		await this.hears(
			() => this.told.filter((line) => line.startsWith("subscribed")).length > before,
			"the answer to SUBSCRIBE",
		);
	}

	/** Waits until everything that was said is acknowledged. */
	settled(): Promise<void> {
		return this.hears(() => this.kept.size === 0, "acknowledgements");
	}

	/** Waits until something is so. */
	async hears(isSo: () => boolean, what: string): Promise<void> {
		const endMs = Date.now() + WAIT_MS;
		while (!isSo()) {
			if (Date.now() > endMs) throw new Error(`${what} did not come; it was told ${this.told.join(", ")}`);
			await new Promise((resolve) => setTimeout(resolve, RUN_MS));
		}
	}

	/** Loses the connection without a word, and stays away. */
	async vanish(): Promise<void> {
		this.stays = false;
		this.network.cut();
		await this.hears(() => this.session.state === "closed", "the end");
		this.network.restore();
	}

	/** Leaves as one should. */
	async leave(): Promise<void> {
		this.stays = false;
		clearInterval(this.timer);
		this.session.close();
		await this.network.stop();
	}

	onOnline(sessionPresent: boolean): void {
		this.told.push(`online ${sessionPresent}`);
		if (!sessionPresent) this.handed.clear();
		this.pump();
	}
	onSubscribed(refused: string | undefined): void {
		this.told.push(`subscribed ${refused ?? "all"}`);
	}
	onUnsubscribed(refused: string | undefined): void {
		this.told.push(`unsubscribed ${refused ?? "all"}`);
	}
	onMessage(message: Message): void {
		const { topic, payload, qos, retain, correlationData, userProperties } = message;
		this.got.push({
			topic,
			text: Buffer.from(payload).toString(),
			qos,
			retain,
			contentType: message.contentType,
			responseTopic: message.responseTopic,
			correlation: correlationData && Buffer.from(correlationData).toString(),
			expiryS: message.messageExpiryS,
			subscriptionId: message.subscriptionId,
			user: userProperties?.find("who"),
		});
	}
	onAcknowledged(token: number, refused: string | undefined): void {
		if (refused !== undefined) this.told.push(refused);
		this.kept.delete(token);
		this.handed.delete(token);
	}
	onResend(token: number): Outgoing | undefined {
		return this.kept.get(token);
	}
	onRoom(): void {
		this.pump();
	}
	onEnded({ kind, reason }: SessionEnd): void {
		this.told.push(`ended ${kind}: ${reason}`);
		if (this.stays) setTimeout(() => this.connect(), RETRY_MS);
	}

	private connect(): void {
		if (this.stays && this.session.state === "closed")
			this.session.open(this.network.connect({ address: "127.0.0.1", port: this.port }, this.session), this.version);
	}

	private pump(): void {
		if (this.session.state !== "online") return;
		for (const [token, { topic, payload, qos }] of this.kept) {
			if (this.handed.has(token)) continue;
			if (!this.session.publish(topic, payload, qos, false, token)) return;
			if (qos === 0) this.kept.delete(token);
			else this.handed.add(token);
		}
	}
}
