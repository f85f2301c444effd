import type { SessionEnd } from "../mqtt/types.js";
import type { Board } from "../ports/board.js";
import type { NetworkHandler, ResolveHandler } from "../ports/network.js";
import { isIpv4 } from "./address.js";
import { backoffMs, randomFraction } from "./backoff.js";
import { closeQuietly, reasonOf } from "./mishap.js";
import { openStream } from "./open-stream.js";
import { Sntp, type SntpHandler } from "./sntp.js";
import type { BrokerAddress, LinkHandler, LinkSession, LinkState } from "./types.js";

const WATCH_MS = 60_000; // for stages that somebody else ends: look again, should that have gone wrong
const NAME_MS = 15_000;
const CONNECT_MS = 30_000; // TCP, TLS and CONNACK: the chip blocks for up to 4 s in the handshake
const STEADY_MS = 30_000; // a connection that lasted this long was a good one: back off from the start again
const CREDENTIALS_ATTEMPT = 16; // refused credentials do not get better by asking often
const NEVER = Number.POSITIVE_INFINITY;

/** Brings the device online, and back: one owner of every retry. Every state but `online` has a deadline. */
export class Link implements NetworkHandler, ResolveHandler, SntpHandler {
	state: LinkState = "off";
	/** Why the last attempt failed, in plain words. */
	lastError: string | undefined = undefined;
	connects = 0;
	failures = 0;
	dueMs = NEVER;
	/** MQTT version in use: 5 until a server turns out not to know it. */
	version: 4 | 5 = 5;
	/** Asks for the time, and keeps the clock right; its owner runs it when it is due. */
	readonly sntp: Sntp;
	private readonly board: Board;
	private readonly session: LinkSession;
	private readonly broker: BrokerAddress;
	private readonly handler: LinkHandler;
	private attempt = 0;
	private onlineSinceMs = 0;
	private started = false;
	/** The network was lost: everybody on it comes back at the same moment, so pause for a random time first. */
	private rejoining = false;

	constructor(board: Board, session: LinkSession, broker: BrokerAddress, timeServer: string, handler: LinkHandler) {
		this.board = board;
		this.session = session;
		this.broker = broker;
		this.handler = handler;
		this.sntp = new Sntp(board, timeServer, this);
	}

	/** Begins at the next `run`, which is due at once: what the board throws on the way makes it no worse than late. */
	start(): void {
		this.state = "waiting";
		this.dueMs = 0;
	}

	/** Ends the link for good. */
	stop(): void {
		this.abandon();
		this.enter("off", NEVER);
	}

	onNetwork(): void {
		if (this.state === "off") return;
		const { state, reason = "no reason given" } = this.board.network;
		if (state === "up") {
			if (this.state === "network") this.begin();
		} else if (this.state !== "network") {
			this.forgetFailures();
			this.abandon();
			this.failures++;
			this.lastError = `the network is gone: ${reason}`;
			this.rejoining = true;
			this.enter("network", WATCH_MS);
		} else if (this.failures === 0 && reason !== this.lastError) {
			this.lastError = reason; // what keeps it from coming up at all
			this.handler.onLink();
		}
	}

	/** The session is online. */
	online(): void {
		this.connects++;
		this.onlineSinceMs = this.board.clock.monotonicMs();
		this.enter("online", NEVER);
	}

	/** The session ended by itself. */
	ended(end: SessionEnd): void {
		if (end.kind === "version" && this.version === 5) {
			this.version = 4; // ask again at once, in the older version
			this.lastError = end.reason;
			this.nameStage();
			return;
		}
		if (end.kind === "version") this.version = 5;
		this.forgetFailures();
		if (end.kind === "credentials") this.attempt = CREDENTIALS_ATTEMPT;
		this.fail(end.reason);
	}

	/** Without the time no certificate can be checked; plain TCP goes on, and its samples carry no time for now. */
	onTime(failure: string | undefined): void {
		if (this.state !== "time") return; // the keeping of the clock, while online
		if (failure !== undefined) this.lastError = failure;
		if (failure !== undefined && this.broker.tls !== undefined) this.fail(failure);
		else this.nameStage();
	}

	onResolved(host: string, address: string | undefined): void {
		if (this.state !== "name" || host !== this.broker.host) return;
		if (address === undefined) this.fail(`the name ${host} was not found`);
		else this.connect(address);
	}

	/** The deadline of the present state has passed. */
	run(): void {
		this.dueMs = NEVER;
		if (this.state === "waiting" || this.state === "network") this.join();
		else if (this.state === "connecting") this.fail("the broker did not answer: no connection after 30 s");
		else if (this.state === "name") this.fail(`no answer when looking up the name ${this.broker.host}`);
		else if (this.state === "time") this.fail("the time could not be found out");
	}

	private join(): void {
		if (this.state !== "network") this.enter("network", WATCH_MS);
		this.dueMs = this.board.clock.monotonicMs() + WATCH_MS;
		try {
			if (!this.started) {
				if (this.board.clock.wallMs() !== undefined) this.sntp.later(this.board.clock.monotonicMs());
				this.board.network.start(this);
			}
			this.started = true;
		} catch (error) {
			this.fail(`the network cannot be started: ${reasonOf(error)}`);
			return;
		}
		this.onNetwork();
	}

	private begin(): void {
		if (this.failures === 0) this.lastError = undefined;
		const known = this.board.clock.wallMs() !== undefined;
		if (this.rejoining) this.pause();
		else if (known || (this.broker.tls === undefined && this.sntp.failed)) this.nameStage();
		else {
			this.enter("time", WATCH_MS);
			this.sntp.start(this.board.clock.monotonicMs());
		}
	}

	private nameStage(): void {
		const { host } = this.broker;
		this.enter("name", NAME_MS);
		try {
			if (isIpv4(host)) this.connect(host);
			else this.board.network.resolve(host, this);
		} catch (error) {
			this.fail(`the name ${host} cannot be looked up: ${reasonOf(error)}`);
		}
	}

	private connect(address: string): void {
		this.enter("connecting", CONNECT_MS);
		try {
			this.session.open(openStream(this.board, this.broker, address, this.session), this.version);
		} catch (error) {
			this.fail(reasonOf(error));
		}
	}

	private fail(reason: string): void {
		this.failures++;
		this.lastError = reason;
		this.abandon();
		this.pause();
	}

	private pause(): void {
		this.rejoining = false;
		this.enter("waiting", backoffMs(this.attempt++, randomFraction(this.board)));
	}

	/** A connection that held for long enough proves that what failed before is over. */
	private forgetFailures(): void {
		if (this.state === "online" && this.board.clock.monotonicMs() - this.onlineSinceMs >= STEADY_MS) this.attempt = 0;
	}

	/** Gives up whatever is under way. What closes badly is gone all the same, and must not keep the link from trying. */
	private abandon(): void {
		closeQuietly(this.sntp);
		closeQuietly(this.session);
	}

	/** The deadline counts before anybody is told: whatever the handler does, the link goes on. */
	private enter(state: LinkState, delayMs: number): void {
		this.state = state;
		this.dueMs = this.board.clock.monotonicMs() + delayMs;
		this.handler.onLink();
	}
}
