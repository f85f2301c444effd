import type { Message, Outgoing, SessionEnd, SessionHandler } from "../../firmware/mqtt/session.js";
import { Session } from "../../firmware/mqtt/session.js";
import type { Store } from "../../firmware/ports/store.js";
import { VirtualBroker } from "../virtual/broker.js";
import { plainText } from "../virtual/text.js";
import { World } from "../virtual/world.js";

type Qos = 0 | 1 | 2;

const ID = "dev";
const RETRY_MS = 3;
const IN_FLIGHT_MAX = 3;
/** Everything is done within this when nothing is in the way. */
const QUIET_MS = 1_000;

/**
 * The life of one device with a session, over lost connections and power cuts, at a virtual broker. Its owner behaves as
 * one should: it keeps each message in a journal that outlives the power until the server has it.
 */
export class Life implements SessionHandler {
	readonly world = new World();
	readonly broker: VirtualBroker;
	/** What the broker got of us, and what took effect here, in order: numbers of messages, by QoS. */
	readonly delivered: readonly [number[], number[], number[]] = [[], [], []];
	readonly effects: readonly [number[], number[], number[]] = [[], [], []];
	/** How often anything left the device or was kept in it, or took effect: the moments at which power can go. */
	actions = 0;
	/** The power goes at this action, and whether before or after it takes effect. */
	cutAt = Number.POSITIVE_INFINITY;
	cutAfter = false;
	/** How many messages came by whose effect the cut prevented, after they were noted as received. */
	spoiled = 0;
	private readonly version: 4 | 5;
	private readonly flash = new Map<string, string>();
	private readonly journal = new Map<number, Outgoing & { readonly qos: Qos }>();
	private handed = new Set<number>();
	private session: Session;
	private power = true;
	private online = false;
	private connection = 0;
	private numbers = 0;
	private sent = 0;

	constructor(version: 4 | 5) {
		this.version = version;
		this.broker = new VirtualBroker(this.world, plainText, { logMax: 100_000 });
		for (const qos of [0, 1, 2] as const)
			this.broker.observe(`out/${qos}`, (message) => {
				this.delivered[qos].push(Number(this.broker.textOf(message)));
			});
		this.session = this.begin();
	}

	/** The device has something to say. */
	publish(qos: Qos): void {
		const token = ++this.numbers;
		if (qos === 0) {
			if (this.power) this.session.publish("out/0", `${token}`, 0, false, 0);
			return;
		}
		this.journal.set(token, { topic: `out/${qos}`, payload: `${token}`, retain: false, qos });
		this.pump();
	}

	/** Somebody has something to say to the device. */
	send(qos: Qos): void {
		this.broker.publish(`in/${qos}`, `${++this.sent}`, { qos });
	}

	/** Time passes, and what is due is done. Without power it comes back. */
	pass(ms: number): void {
		for (let gone = 0; gone < ms; gone++) {
			this.world.advance(1);
			if (!this.power) this.restart();
			if (this.session.dueMs <= this.world.nowMs) this.session.run(this.world.nowMs);
		}
	}

	/** The connection breaks, with whatever is on it. */
	drop(): void {
		if (this.connection === 0) return;
		this.broker.disconnect(ID);
		this.connection++;
		this.session.onClose("the cable is out");
	}

	/** The power goes, and comes back when time passes. */
	cutPower(): void {
		this.power = false;
		this.online = false;
		this.connection++;
		this.broker.disconnect(ID);
	}

	/** Nothing is in the way any more. Returns whether everything was done in time. */
	settle(): boolean {
		this.cutAt = Number.POSITIVE_INFINITY;
		this.broker.releaseAcks();
		this.pass(QUIET_MS);
		const session = this.broker.sessions.get(ID);
		return this.journal.size === 0 && session?.unacknowledged.size === 0 && session.received.size === 0;
	}

	onOnline(sessionPresent: boolean): void {
		this.online = true;
		if (!sessionPresent) this.handed.clear();
		this.session.subscribe(["in/0", "in/1", "in/2"], 2);
		this.pump();
	}
	onSubscribed(): void {
		this.pump();
	}
	onMessage({ payload, qos }: Message): void {
		const number = Number(plainText.decode(payload, 0, payload.length));
		const before = this.effects[qos].length;
		const noted = this.power || this.cutAfter; // else the power went with the write
		this.act(() => this.effects[qos].push(number));
		if (qos === 2 && noted && this.effects[2].length === before) this.spoiled++;
	}
	onAcknowledged(token: number): void {
		this.act(() => this.journal.delete(token));
	}
	onResend(token: number): Outgoing | undefined {
		return this.journal.get(token);
	}
	onRoom(): void {
		this.pump();
	}
	onEnded(_end: SessionEnd): void {
		this.online = false;
		this.retry();
	}

	private begin(): Session {
		const store: Store = {
			get: (key) => this.flash.get(key),
			set: (key, value) => this.act(() => this.flash.set(key, value)),
			delete: (key) => this.act(() => this.flash.delete(key)),
		};
		const options = { receiveBytesMax: 256, sendBytesMax: 256, inFlightMax: IN_FLIGHT_MAX, sessionExpiryS: 3_600 };
		const clock = { monotonicMs: () => this.world.nowMs, wallMs: () => undefined, setWallMs: () => undefined };
		this.session = new Session({ clientId: ID, keepAliveS: 60, ...options }, clock, plainText, this, store);
		this.retry();
		return this.session;
	}

	private restart(): void {
		this.power = true;
		this.handed = new Set();
		this.begin();
	}

	/** Something that happens unless the power is gone, and at which it may go. */
	private act(happen: () => void): void {
		if (!this.power) return;
		const cut = ++this.actions === this.cutAt;
		if (!cut || this.cutAfter) happen();
		if (cut) this.cutPower();
	}

	private retry(): void {
		const { session } = this;
		this.world.after(RETRY_MS, () => {
			if (this.power && this.session === session && session.state === "closed") this.connect();
		});
	}

	private connect(): void {
		const { world, session } = this;
		const connection = ++this.connection;
		const isUp = (): boolean => this.connection === connection && this.power && this.session === session;
		const peer = this.broker.accept({
			send: (bytes) => {
				const copy = bytes.slice();
				world.after(1, () => isUp() && session.onData(copy, copy.length));
			},
			close: () => world.after(1, () => isUp() && session.onClose("closed by the broker")),
		});
		const write = (bytes: Uint8Array, count: number): boolean => {
			const copy = bytes.slice(0, count);
			this.act(() => world.after(1, () => this.connection === connection && peer.onData(copy, count)));
			return true;
		};
		const close = (): void => {
			world.after(1, () => peer.onClose());
		};
		session.open({ write, close }, this.version);
		session.onOpen();
	}

	/** Hands over what the session does not have yet, in order. */
	private pump(): void {
		if (!this.online || !this.power) return;
		for (const [token, { topic, payload, qos, retain }] of this.journal) {
			if (this.handed.has(token)) continue;
			if (!this.session.publish(topic, payload, qos, retain, token)) return;
			this.handed.add(token);
		}
	}
}
