import type { SessionEnd } from "../mqtt/types.js";
import type { Board } from "../ports/board.js";
import { Approach, type ApproachNeeds } from "./approach.js";
import { randomFraction } from "./backoff.js";
import { Brokers } from "./brokers.js";
import { Joiner, type JoinerNeeds } from "./joiner.js";
import { LinkStatus } from "./link-status.js";
import { Rival } from "./rival.js";
import type { Sntp } from "./sntp.js";
import { TimeFloor } from "./time-floor.js";
import type { FailureCause, LinkHandler, LinkOptions, LinkSession, LinkState, Stage } from "./types.js";

const STEADY_MS = 30_000; // a connection that lasted this long was a good one: back off from the start again
const STUMBLE_MS = 1_000; // when something threw between giving up and pausing
const LOOK_AFTER_MS = 3_600_000;
const MOVED = "this device goes only where its settings say: put the other address there";
const NEVER = Number.POSITIVE_INFINITY;

/**
 * Brings the device online and keeps it there: one owner of every retry. Every state has a deadline but `online`, which the
 * session ends. It never restarts the device: whatever is away comes back by itself, and so does the link.
 */
export class Link extends LinkStatus implements JoinerNeeds, ApproachNeeds {
	readonly brokers: Brokers;
	readonly joiner: Joiner;
	readonly board: Board;
	readonly session: LinkSession;
	readonly handler: LinkHandler;
	private readonly approach: Approach;
	readonly floor: TimeFloor;
	/** Only there once a connection ended. */
	private rival: Rival | undefined = undefined;
	private stateDueMs = NEVER;
	/** The network was lost: everybody on it comes back at the same moment, so pause for a random time first. */
	private rejoining = false;

	constructor(board: Board, session: LinkSession, options: LinkOptions, handler: LinkHandler) {
		super();
		this.board = board;
		this.session = session;
		this.handler = handler;
		this.brokers = new Brokers(options.brokers, options.version);
		this.joiner = new Joiner(this);
		this.floor = new TimeFloor(board.store, options.builtMs);
		this.approach = new Approach(this, options.timeServers);
	}

	/** Asks for the time, and keeps the clock right; its owner runs it when it is due. */
	get sntp(): Sntp {
		return this.approach.sntp;
	}

	get dueMs(): number {
		return Math.min(this.stateDueMs, this.joiner.dueMs);
	}

	/** Begins at the next `run`, which is due at once: what the board throws on the way makes it no worse than late. */
	start(): void {
		this.stateDueMs = 0;
	}

	/** Ends the link for good. */
	stop(): void {
		this.joiner.stop();
		this.approach.abandon();
		this.enter("off", NEVER);
	}

	/** A deadline has passed. */
	run(nowMs: number): void {
		if (this.joiner.dueMs <= nowMs) this.joiner.run();
		if (this.stateDueMs > nowMs) return;
		if (this.state === "off") this.begin(nowMs);
		else if (this.state === "waiting") this.approach.begin();
		else if (this.state === "online") this.keep(nowMs);
		else if (!this.approach.timeout()) this.pause(STUMBLE_MS);
	}

	onUp(): void {
		if (this.rejoining) this.pause(this.brokers.pauseMs(randomFraction(this.board)));
		else this.approach.begin();
	}

	onDown(reason: string): void {
		this.note("network", "failed", `the network is gone: ${reason}`);
		this.approach.abandon();
		this.rejoining = true;
		this.enter("network", NEVER);
	}

	onJoining(stage: "network" | "address"): void {
		if (this.state !== stage) this.enter(stage, NEVER);
	}

	onUnjoined(stage: "network" | "address", cause: "timeout" | "failed", reason: string): void {
		const isNews = reason !== this.lastError || this.state !== "network";
		this.note(stage, cause, reason);
		if (isNews) this.enter("network", NEVER);
	}

	onSwitch(): void {
		this.leave();
	}

	onStage(stage: Stage, limitMs: number): void {
		this.enter(stage, limitMs);
	}

	onTrouble(stage: Stage, reason: string): void {
		this.note(stage, "failed", reason);
	}

	onFailed(stage: Stage, cause: FailureCause, reason: string): void {
		this.fail(stage, cause, reason, false);
	}

	/** The session is online. */
	online(): void {
		this.connects++;
		this.brokers.online(this.board.clock.monotonicMs(), randomFraction(this.board));
		this.enter("online", STEADY_MS);
	}

	/** The session ended by itself. */
	ended(end: SessionEnd): void {
		if (end.kind === "version" && this.brokers.version === 5) {
			this.brokers.version = 4; // ask again at once, in the older version
			this.lastError = end.reason;
			this.approach.reconnect();
			return;
		}
		if (end.kind === "version") this.brokers.version = 5;
		const wasOnline = this.state === "online";
		if (wasOnline) this.rival ??= new Rival();
		const suspicion = wasOnline ? this.rival?.judge(end, this.ageMs()) : undefined;
		const advice = end.kind === "moved" ? MOVED : suspicion;
		const hopeless = advice !== undefined || end.kind === "credentials";
		const reason = advice === undefined ? end.reason : `${end.reason}; ${advice}`;
		this.fail(wasOnline ? "online" : "mqtt", end.kind, reason, hopeless);
	}

	/** Ends a connection that works, and makes it anew. Called while online only. */
	renew(): void {
		this.leave();
		this.approach.begin();
	}

	private begin(nowMs: number): void {
		if (this.board.clock.wallMs() !== undefined) this.sntp.later(nowMs);
		this.joiner.start();
		this.stateDueMs = NEVER;
	}

	/** Online for a while: the connection is a good one, and its certificate was valid at the time that is set. */
	private keep(nowMs: number): void {
		this.brokers.steady();
		if (nowMs >= this.brokers.returnDueMs) {
			this.brokers.goHome();
			this.renew();
			return;
		}
		const wallMs = this.board.clock.wallMs();
		if (this.brokers.address.tls !== undefined && wallMs !== undefined) this.floor.confirm(wallMs);
		this.stateDueMs = Math.min(this.brokers.returnDueMs, nowMs + LOOK_AFTER_MS);
	}

	/** @param hopeless asking again soon would help nobody */
	private fail(stage: Stage, cause: FailureCause, reason: string, hopeless: boolean): void {
		this.note(stage, cause, reason);
		this.approach.abandon();
		const random = randomFraction(this.board);
		// A clock that cannot be set is no broker's fault.
		this.pause(stage === "time" ? this.brokers.again(random) : this.brokers.failed(hopeless, random));
	}

	private pause(ms: number): void {
		this.rejoining = false;
		this.enter("waiting", ms);
	}

	/** Ends a connection that works, or an attempt. */
	private leave(): void {
		if (this.state === "online") this.handler.onLeave();
		this.approach.abandon();
	}

	/** How long the present state has lasted, milliseconds. */
	private ageMs(): number {
		return this.board.clock.monotonicMs() - this.sinceMs;
	}

	/** The deadline counts before anybody is told: whatever the handler does, the link goes on. */
	private enter(state: LinkState, delayMs: number): void {
		const nowMs = this.board.clock.monotonicMs();
		this.state = state;
		this.sinceMs = nowMs;
		this.stateDueMs = this.sinceMs + delayMs;
		this.handler.onLink();
	}
}
