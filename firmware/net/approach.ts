import type { Board } from "../ports/board.js";
import type { ResolveHandler, StreamHandler } from "../ports/network.js";
import { isIpv4 } from "./address.js";
import type { Brokers } from "./brokers.js";
import { closeQuietly, reasonOf } from "./mishap.js";
import { Names } from "./names.js";
import { openStream } from "./open-stream.js";
import { type EarliestTime, Sntp, type SntpNeeds } from "./sntp.js";
import { stageMs, timeoutWords } from "./stages.js";
import type { FailureCause, LinkHandler, LinkSession, Stage } from "./types.js";

/** Whoever wants to get to a broker, and what an attempt is made with: looked up there each time, as a copy would cost memory. */
export interface ApproachNeeds {
	readonly board: Board;
	readonly brokers: Brokers;
	readonly session: LinkSession;
	/** Is told to which broker the session is about to be opened. */
	readonly handler: Pick<LinkHandler, "onBroker">;
	/** Knows the earliest time that is believed. */
	readonly floor: EarliestTime;
	/** The next stage begins, and may last so long. */
	onStage(stage: Stage, limitMs: number): void;
	/** The present stage failed, and with it the attempt. */
	onFailed(stage: Stage, cause: FailureCause, reason: string): void;
	/** Something failed, and it goes on all the same. */
	onTrouble(stage: Stage, reason: string): void;
}

/**
 * One attempt after the other to get from a network that is up to a session that greets: time, name, TCP, TLS, MQTT.
 *
 * No certificate is checked before the time is known; where no time server can be reached, a broker behind TLS is not
 * either, and the reason says so. No guess is taken in its place: with it a certificate stolen long ago might pass.
 *
 * What comes from a stream goes to the session once the stream is open: until then how far it comes is the link's business.
 */
export class Approach implements ResolveHandler, SntpNeeds, StreamHandler {
	/** Asks for the time, and keeps the clock right. */
	readonly sntp: Sntp;
	private readonly needs: ApproachNeeds;
	readonly names = new Names();
	private stage: Stage | undefined;

	constructor(needs: ApproachNeeds, timeServers: readonly string[]) {
		this.needs = needs;
		this.sntp = new Sntp(timeServers, this);
	}

	get board(): Board {
		return this.needs.board;
	}

	get floor(): EarliestTime {
		return this.needs.floor;
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
		if (failure !== undefined) this.needs.onTrouble("time", failure); // samples carry no time for now
		this.reconnect();
	}

	onResolved(host: string, address: string | undefined): void {
		if (this.stage !== "name" || host !== this.needs.brokers.address.host) return;
		const usable = this.names.learn(host, address);
		if (usable !== undefined) this.connect(usable);
		else if (!this.fallBack("was not found")) this.fail("failed", `the name ${host} was not found`);
	}

	/** The connection stands; for TLS, the handshake begins. */
	onConnected(): void {
		if (this.stage === "tcp") this.enter("tls");
	}

	onOpen(): void {
		if (this.stage === "tcp" || this.stage === "tls") this.enter("mqtt");
		this.needs.session.onOpen();
	}

	onData(bytes: Uint8Array, count: number): void {
		this.needs.session.onData(bytes, count);
	}

	onWritable(): void {
		this.needs.session.onWritable();
	}

	onClose(reason: string): void {
		const { host, port } = this.needs.brokers.address;
		if (this.stage !== "tcp" && this.stage !== "tls") this.needs.session.onClose(reason);
		else this.fail("failed", `no connection to ${host}, port ${port}: ${reason}`);
	}

	/** Goes on with the address that the name had before, where there is one. */
	private fallBack(what: string): boolean {
		const { host } = this.needs.brokers.address;
		const known = this.names.recall(host);
		if (known === undefined) return false;
		this.needs.onTrouble("name", `the name ${host} ${what}: going on with the address it had before`);
		this.connect(known);
		return true;
	}

	private connect(address: string): void {
		this.enter("tcp");
		try {
			this.needs.handler.onBroker(this.needs.brokers.index);
			const stream = openStream(this.needs.board, this.needs.brokers.address, address, this);
			this.needs.session.open(stream, this.needs.brokers.version);
		} catch (error) {
			this.fail("failed", reasonOf(error));
		}
	}

	private enter(stage: Stage): void {
		this.stage = stage;
		this.needs.onStage(stage, stageMs(stage));
	}

	private fail(cause: FailureCause, reason: string): void {
		const { stage } = this;
		if (stage === undefined) return;
		this.abandon();
		this.needs.onFailed(stage, cause, reason);
	}
}
