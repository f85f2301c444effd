import type { Board } from "../ports/board.js";
import type { LookHandler, NetworkHandler } from "../ports/network.js";
import { backoffMs, randomFraction } from "./backoff.js";
import { reasonOf } from "./mishap.js";

const NEVER = Number.POSITIVE_INFINITY;
const JOIN_MS = 30_000; // the chip gives up by itself after 20 s, and then looks whether the network is there at all
const ADDRESS_MS = 20_000; // longer than a DHCP server takes when it answers at all
const LOOK_MS = 30_000;
/** A house whose power came back waits for its access point: look again soon. Nobody else is asked for anything. */
const PAUSE_MAX_MS = 30_000;
const RETURN_FIRST_MS = 600_000;
const RETURN_LAST_MS = 86_400_000;

/** Whoever needs the network, and the board that has it. */
export interface JoinerNeeds {
	readonly board: Board;
	/** The network is up. */
	onUp(): void;
	/** It is gone. */
	onDown(reason: string): void;
	/** It is being joined, and has come to this stage. */
	onJoining(stage: "network" | "address"): void;
	/** None of the networks could be joined; the first is tried again later. */
	onUnjoined(stage: "network" | "address", cause: "timeout" | "failed", reason: string): void;
	/** A better network is in reach, and the present one is about to be left. */
	onSwitch(): void;
}

type Phase = "off" | "joining" | "addressing" | "pausing" | "up" | "looking";

/**
 * Joins one of the board's networks, for ever: the first, and when that fails at once the next; after the last it pauses,
 * at random and longer and longer up to 30 s, and begins with the first. While on another than the first it looks for
 * the better ones after 10 to 20 minutes and changes over when one is in reach; each time in twice the time, up to a day.
 */
export class Joiner implements NetworkHandler, LookHandler {
	dueMs = NEVER;
	/** Number of the network that is being joined, or is joined. */
	choice = 0;
	private readonly needs: JoinerNeeds;
	private phase: Phase = "off";
	private started = false;
	private rounds = 0;
	private reasons = "";
	private lookedAt = 0;
	private returnMs = RETURN_FIRST_MS;

	constructor(needs: JoinerNeeds) {
		this.needs = needs;
	}

	/** Begins. */
	start(): void {
		this.join(0);
	}

	/** Nothing is told any more. */
	stop(): void {
		this.phase = "off";
		this.dueMs = NEVER;
	}

	onNetwork(): void {
		const { state, reason = "no reason given" } = this.board.network;
		if (this.phase === "off") return;
		if (this.phase === "up" || this.phase === "looking") {
			if (state !== "up") this.lost(reason);
		} else if (state === "up") this.up();
		else if (state === "addressing") this.addressing();
		else if (state === "off" && this.phase !== "pausing") this.failed("failed", reason);
		else if (state === "joining" && this.phase === "pausing") this.wait("joining", JOIN_MS);
	}

	onLooked(choice: number, inReach: boolean): void {
		if (this.phase !== "looking" || choice !== this.lookedAt) return;
		if (inReach) this.change(choice);
		else if (choice + 1 < this.choice) this.look(choice + 1);
		else this.stay();
	}

	/** The deadline has passed. */
	run(): void {
		const name = this.board.network.choices[this.choice] ?? "the network";
		if (this.phase === "joining") this.failed("timeout", `${name} could not be joined within ${JOIN_MS / 1_000} s`);
		else if (this.phase === "addressing")
			this.failed("timeout", `${name} gave no address within ${ADDRESS_MS / 1_000} s`);
		else if (this.phase === "pausing") this.join(0);
		else if (this.phase === "up") this.look(0);
		else if (this.phase === "looking") this.stay();
	}

	private get board(): Board {
		return this.needs.board;
	}

	private join(choice: number): void {
		const { network } = this.board;
		this.choice = choice;
		if (choice === 0) this.reasons = "";
		this.wait("joining", JOIN_MS);
		this.needs.onJoining("network");
		try {
			if (this.started) network.join(choice);
			else network.start(this);
			this.started = true;
		} catch (error) {
			this.failed("failed", `the network cannot be started: ${reasonOf(error)}`);
			return;
		}
		if (network.state === "up") this.onNetwork(); // it was up all the time, and has nothing to tell
	}

	private addressing(): void {
		if (this.phase === "addressing") return;
		this.wait("addressing", ADDRESS_MS);
		this.needs.onJoining("address");
	}

	private up(): void {
		this.rounds = 0;
		if (this.choice === 0) this.returnMs = RETURN_FIRST_MS;
		this.stay();
		this.needs.onUp();
	}

	private lost(reason: string): void {
		this.pause();
		this.needs.onDown(reason);
	}

	private failed(cause: "timeout" | "failed", reason: string): void {
		const stage = this.phase === "addressing" ? "address" : "network";
		this.reasons += this.reasons === "" ? reason : `; ${reason}`;
		if (this.started && this.choice + 1 < this.board.network.choices.length) {
			this.join(this.choice + 1);
			return;
		}
		this.pause();
		this.needs.onUnjoined(stage, cause, this.reasons);
	}

	private pause(): void {
		this.wait("pausing", backoffMs(this.rounds++, randomFraction(this.board), PAUSE_MAX_MS));
	}

	/** Up, and until the next look content with what there is. */
	private stay(): void {
		const better = this.choice > 0;
		this.wait("up", better ? this.returnMs * (1 + randomFraction(this.board)) : NEVER);
	}

	private look(choice: number): void {
		this.lookedAt = choice;
		this.wait("looking", LOOK_MS);
		try {
			this.board.network.look(choice, this);
		} catch {
			this.stay(); // looking is a favour; the network that works is what counts
		}
	}

	private change(choice: number): void {
		this.returnMs = Math.min(this.returnMs * 2, RETURN_LAST_MS);
		this.needs.onSwitch();
		this.reasons = "";
		this.join(choice);
	}

	private wait(phase: Phase, ms: number): void {
		const nowMs = this.board.clock.monotonicMs(); // first: what throws leaves everything due as it was
		this.phase = phase;
		this.dueMs = nowMs + ms;
	}
}
