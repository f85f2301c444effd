import type { Session } from "../mqtt/session.js";
import type { SessionEnd } from "../mqtt/types.js";
import type { Board } from "../ports/board.js";
import type { NetworkHandler, ResolveHandler } from "../ports/network.js";
import { isIpv4 } from "./address.js";
import { backoffMs } from "./backoff.js";
import { Sntp, type SntpHandler } from "./sntp.js";

/** The way to the broker, stage by stage. `waiting` is the pause after a failure. */
export type LinkState = "off" | "network" | "time" | "name" | "connecting" | "online" | "waiting";

/** Where the broker is. */
export interface BrokerAddress {
	readonly host: string;
	readonly port: number;
	/** Trusted roots, DER; absent for plain TCP. */
	readonly tls?: { readonly roots: readonly Uint8Array[] } | undefined;
}

export interface LinkHandler {
	/** `link.state` changed; `link.lastError` tells of the last failure. */
	onLink(): void;
}

const NAME_MS = 15_000;
const CONNECT_MS = 30_000; // TCP and TLS: the chip blocks for up to 4 s in the handshake
const STEADY_MS = 30_000; // a connection that lasted this long was a good one: back off from the start again
const CREDENTIALS_ATTEMPT = 16; // refused credentials do not get better by asking often

/** Brings the device online and keeps it there: one owner of every retry. */
export class Link implements NetworkHandler, ResolveHandler, SntpHandler {
	state: LinkState = "off";
	/** Why the last attempt failed, in plain words. */
	lastError: string | undefined;
	connects = 0;
	failures = 0;
	dueMs = Number.POSITIVE_INFINITY;
	/** MQTT version in use: 5 until a server turns out not to know it. */
	version: 4 | 5 = 5;
	private readonly board: Board;
	private readonly session: Session;
	private readonly broker: BrokerAddress;
	private readonly handler: LinkHandler;
	private readonly sntp: Sntp;
	private readonly timeServer: string;
	private attempt = 0;
	private onlineSinceMs = 0;
	private lookUp = "";
	/** The network was lost: everybody on it comes back at the same moment, so pause for a random time first. */
	private rejoining = false;

	constructor(board: Board, session: Session, broker: BrokerAddress, timeServer: string, handler: LinkHandler) {
		this.board = board;
		this.session = session;
		this.broker = broker;
		this.handler = handler;
		this.timeServer = timeServer;
		this.sntp = new Sntp(board, this);
	}

	start(): void {
		this.enter("network");
		this.board.network.start(this);
		this.onNetwork();
	}

	/** Ends the link for good; `start` begins again. */
	stop(): void {
		this.abandon();
		this.enter("off");
	}

	onNetwork(): void {
		if (this.state === "off") return;
		const up = this.board.network.state === "up";
		if (up && this.state === "network") {
			if (this.rejoining) this.pause();
			else this.begin();
		} else if (!up && this.state !== "network") {
			this.abandon();
			this.failures++;
			this.lastError = `the network is gone: ${this.board.network.reason ?? "no reason given"}`;
			this.rejoining = true;
			this.enter("network");
		}
	}

	/** The session is online. */
	online(): void {
		this.connects++;
		this.onlineSinceMs = this.board.clock.monotonicMs();
		this.enter("online");
	}

	/** The session ended by itself. */
	ended(end: SessionEnd): void {
		if (end.kind === "version" && this.version === 5) {
			this.version = 4; // ask again at once, in the older version
			this.lastError = end.reason;
			this.begin();
			return;
		}
		if (end.kind === "version") this.version = 5;
		if (this.state === "online" && this.board.clock.monotonicMs() - this.onlineSinceMs >= STEADY_MS) this.attempt = 0;
		if (end.kind === "credentials") this.attempt = CREDENTIALS_ATTEMPT;
		this.fail(end.reason);
	}

	onTime(failure: string | undefined): void {
		if (this.state !== "time") return;
		if (failure === undefined) this.nameStage();
		else this.fail(failure);
	}

	onResolved(host: string, address: string | undefined): void {
		if (host !== this.lookUp || (this.state !== "name" && this.state !== "time")) return;
		this.lookUp = "";
		if (address === undefined) this.fail(`the name ${host} was not found`);
		else if (this.state === "time") this.sntpFrom(address);
		else this.connect(address);
	}

	run(nowMs: number): void {
		if (this.sntp.dueMs <= nowMs) this.sntp.run(nowMs);
		if (this.state === "time" && this.sntp.dueMs !== Number.POSITIVE_INFINITY) this.dueMs = this.sntp.dueMs;
		else if (this.dueMs <= nowMs) this.expire();
	}

	private expire(): void {
		if (this.state === "waiting") {
			this.enter("network");
			this.onNetwork();
		} else if (this.state === "connecting") this.fail("the broker did not answer: no connection after 30 s");
		else if (this.state === "name" || this.state === "time") {
			this.fail(`no answer when looking up the name ${this.lookUp}`);
		} else this.dueMs = Number.POSITIVE_INFINITY;
	}

	private begin(): void {
		if (this.board.clock.wallMs() === undefined) this.timeStage();
		else this.nameStage();
	}

	private timeStage(): void {
		this.enter("time");
		this.resolve(this.timeServer);
	}

	private sntpFrom(address: string): void {
		this.sntp.start(address, this.board.clock.monotonicMs());
		this.dueMs = this.sntp.dueMs;
	}

	private nameStage(): void {
		this.enter("name");
		this.resolve(this.broker.host);
	}

	private resolve(host: string): void {
		this.lookUp = host;
		if (isIpv4(host)) {
			this.onResolved(host, host);
			return;
		}
		this.dueMs = this.board.clock.monotonicMs() + NAME_MS;
		this.board.network.resolve(host, this);
	}

	private connect(address: string): void {
		const { host, port, tls } = this.broker;
		this.enter("connecting");
		this.dueMs = this.board.clock.monotonicMs() + CONNECT_MS;
		const options =
			tls === undefined ? { address, port } : { address, port, tls: { serverName: host, roots: tls.roots } };
		try {
			this.session.open(this.board.network.connect(options, this.session), this.version);
		} catch (error) {
			this.fail(error instanceof Error ? error.message : String(error));
		}
	}

	private fail(reason: string): void {
		this.abandon();
		this.failures++;
		this.lastError = reason;
		this.pause();
	}

	private pause(): void {
		this.rejoining = false;
		const random = new Uint8Array(4);
		this.board.random(random);
		const fraction = ((random[0] as number) * 65_536 + (random[1] as number) * 256 + (random[2] as number)) / 2 ** 24;
		this.enter("waiting");
		this.dueMs = this.board.clock.monotonicMs() + backoffMs(this.attempt++, fraction);
	}

	private abandon(): void {
		this.lookUp = "";
		this.sntp.stop();
		this.session.close();
	}

	private enter(state: LinkState): void {
		this.state = state;
		this.dueMs = Number.POSITIVE_INFINITY;
		this.handler.onLink();
	}
}
