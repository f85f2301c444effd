import type { Board } from "../ports/board.js";
import type { ResolveHandler } from "../ports/network.js";
import { isIpv4 } from "./address.js";
import type { Brokers } from "./brokers.js";
import { closeQuietly, reasonOf } from "./mishap.js";
import { Names } from "./names.js";
import { openStream } from "./open-stream.js";
import { type EarliestTime, Sntp, type SntpHandler } from "./sntp.js";
import { stageMs, timeoutWords } from "./stages.js";
import { StreamWatch, type StreamWatcher } from "./stream-watch.js";
import type { FailureCause, LinkHandler, LinkSession, Stage } from "./types.js";

/** Whoever wants to get to a broker. */
export interface ApproachHandler {
	/** The next stage begins, and may last so long. */
	onStage(stage: Stage, limitMs: number): void;
	/** The present stage failed, and with it the attempt. */
	onFailed(stage: Stage, cause: FailureCause, reason: string): void;
	/** Something failed, and it goes on all the same. */
	onTrouble(stage: Stage, reason: string): void;
}

/** What an attempt is made with, and looks up there each time: a copy would cost memory. */
export interface ApproachNeeds {
	readonly board: Board;
	readonly brokers: Brokers;
	readonly session: LinkSession;
	/** Is told to which broker the session is about to be opened. */
	readonly handler: Pick<LinkHandler, "onBroker">;
	/** Knows the earliest time that is believed. */
	readonly floor: EarliestTime;
}

/**
 * One attempt after the other to get from a network that is up to a session that greets: time, name, TCP, TLS, MQTT.
 *
 * No certificate is checked before the time is known; where no time server can be reached, a broker behind TLS is not
 * either, and the reason says so. No guess is taken in its place: with it a certificate stolen long ago might pass.
 */
export class Approach implements ResolveHandler, SntpHandler, StreamWatcher {
	/** Asks for the time, and keeps the clock right. */
	readonly sntp: Sntp;
	private readonly needs: ApproachNeeds;
	private readonly handler: ApproachHandler;
	private readonly watch: StreamWatch;
	private readonly names = new Names();
	private stage: Stage | undefined;

	constructor(needs: ApproachNeeds, timeServers: readonly string[], handler: ApproachHandler) {
		const { board, session, floor } = needs;
		this.needs = needs;
		this.handler = handler;
		this.watch = new StreamWatch(session, this);
		this.sntp = new Sntp(board, timeServers, this.names, floor, this);
	}

	/** Begins an attempt: the network is up. */
	begin(): void {
		const known = this.needs.board.clock.wallMs() !== undefined;
		if (known || (this.needs.brokers.address.tls === undefined && this.sntp.failed)) {
			this.reconnect();
			return;
		}
		this.enter("time");
		this.sntp.start(this.needs.board.clock.monotonicMs());
	}

	/** Begins an attempt with what is known already. */
	reconnect(): void {
		const { host } = this.needs.brokers.address;
		this.enter("name");
		try {
			if (isIpv4(host)) this.connect(host);
			else this.needs.board.network.resolve(host, this);
		} catch (error) {
			this.fail("failed", `the name ${host} cannot be looked up: ${reasonOf(error)}`);
		}
	}

	/** The present stage took too long; false when there is none. */
	timeout(): boolean {
		const { stage } = this;
		if (stage === undefined) return false;
		if (stage !== "name" || !this.fallBack("could not be looked up"))
			this.fail("timeout", timeoutWords(stage, this.needs.brokers.address));
		return true;
	}

	/** Gives up whatever is under way. What closes badly is gone all the same, and must not keep anybody from trying. */
	abandon(): void {
		this.stage = undefined;
		closeQuietly(this.sntp);
		closeQuietly(this.needs.session);
	}

	onTime(failure: string | undefined): void {
		if (this.stage !== "time") return; // the keeping of the clock, while online
		if (failure !== undefined && this.needs.brokers.address.tls !== undefined) {
			this.fail("failed", failure);
			return;
		}
		if (failure !== undefined) this.handler.onTrouble("time", failure); // samples carry no time for now
		this.reconnect();
	}

	onResolved(host: string, address: string | undefined): void {
		if (this.stage !== "name" || host !== this.needs.brokers.address.host) return;
		const usable = this.names.learn(host, address);
		if (usable !== undefined) this.connect(usable);
		else if (!this.fallBack("was not found")) this.fail("failed", `the name ${host} was not found`);
	}

	onStreamConnected(): void {
		if (this.stage === "tcp") this.enter("tls");
	}

	onStreamOpen(): void {
		if (this.stage === "tcp" || this.stage === "tls") this.enter("mqtt");
	}

	onStreamFailed(reason: string): void {
		const { host, port } = this.needs.brokers.address;
		if (this.stage === "tcp" || this.stage === "tls") {
			this.fail("failed", `no connection to ${host}, port ${port}: ${reason}`);
		}
	}

	/** Goes on with the address that the name had before, where there is one. */
	private fallBack(what: string): boolean {
		const { host } = this.needs.brokers.address;
		const known = this.names.recall(host);
		if (known === undefined) return false;
		this.handler.onTrouble("name", `the name ${host} ${what}: going on with the address it had before`);
		this.connect(known);
		return true;
	}

	private connect(address: string): void {
		this.enter("tcp");
		this.watch.reset();
		try {
			this.needs.handler.onBroker(this.needs.brokers.index);
			const stream = openStream(this.needs.board, this.needs.brokers.address, address, this.watch);
			this.needs.session.open(stream, this.needs.brokers.version);
		} catch (error) {
			this.fail("failed", reasonOf(error));
		}
	}

	private enter(stage: Stage): void {
		this.stage = stage;
		this.handler.onStage(stage, stageMs(stage));
	}

	private fail(cause: FailureCause, reason: string): void {
		const { stage } = this;
		if (stage === undefined) return;
		this.abandon();
		this.handler.onFailed(stage, cause, reason);
	}
}
