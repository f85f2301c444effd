import type { Board } from "../ports/board.js";
import type { ResolveHandler, Udp, UdpHandler } from "../ports/network.js";
import { isIpv4 } from "./address.js";
import { closeQuietly, reasonOf } from "./mishap.js";
import type { Names } from "./names.js";
import { makeRequest, NTP_BYTES, type NtpReply, readReply } from "./ntp-packet.js";
import { TimeServers } from "./time-servers.js";
import type { Inquiry } from "./types.js";

const PORT = 123;
const TRIES = 2;
const TRY_MS = 2_000;
const NAME_MS = 8_000;
const AGAIN_MS = 86_400_000; // a crystal of 20 ppm is 2 s off after a day
const RETRY_MS = 600_000;
const SILENT = "gave no answer";
const NEVER = Number.POSITIVE_INFINITY;

/** Whoever knows which time is too early to be believed. */
export interface EarliestTime {
	/** Milliseconds since 1970. */
	readonly earliestMs: number;
}

/** Whoever needs the time, and what is asked for it with: looked up there each time, as a copy would cost memory. */
export interface SntpNeeds {
	readonly board: Board;
	readonly names: Names;
	readonly floor: EarliestTime;
	/** The clock is set (no argument), or it could not be, and why. */
	onTime(failure: string | undefined): void;
}

/**
 * Asks one time server after the other (SNTP: RFC 4330, RFC 5905 §14) and sets the board's clock; asks again every day,
 * and sooner when nobody answered. A reply counts only when it comes from the address and port that were asked, repeats
 * the random number that was sent, makes sense, and is not before the earliest time believed.
 */
export class Sntp implements UdpHandler, ResolveHandler {
	dueMs = NEVER;
	/** Nobody answered the last time. */
	failed = false;
	private readonly needs: SntpNeeds;
	private readonly names: readonly string[];
	/** Only there from the first question of a round to its end, which is seldom, and while somebody is to be left alone. */
	private servers: TimeServers | undefined = undefined;
	/** Only there while a server is asked. */
	private inquiry: Inquiry | undefined = undefined;

	/** @param names of the servers, or their addresses. */
	constructor(names: readonly string[], needs: SntpNeeds) {
		this.names = names;
		this.needs = needs;
	}

	/** Begins to ask; `onTime` tells how it ended, at once where nothing can be asked. */
	start(nowMs: number): void {
		this.close();
		this.servers ??= new TimeServers(this.names);
		this.servers.begin();
		this.next(this.servers, nowMs);
	}

	/** The clock is right already: asks in a day. */
	later(nowMs: number): void {
		this.dueMs = nowMs + AGAIN_MS;
	}

	/** Gives up what is being asked, if anything; nothing is told, and it is asked again later. */
	close(): void {
		if (this.inquiry !== undefined) this.dueMs = this.board.clock.monotonicMs() + RETRY_MS;
		this.leave();
		if (this.servers?.remembers !== true) this.servers = undefined;
	}

	onResolved(host: string, address: string | undefined): void {
		const { inquiry } = this;
		if (inquiry?.server !== host || inquiry.address !== "") return;
		const usable = this.needs.names.learn(host, address) ?? this.needs.names.recall(host);
		if (usable === undefined) this.drop(`the name ${host} of the time server was not found`);
		else this.open(inquiry, usable);
	}

	/** Sends the next try, goes on to the next server, or begins anew. */
	run(nowMs: number): void {
		const { inquiry } = this;
		if (inquiry === undefined) this.start(nowMs);
		else if (inquiry.address === "") this.nameLate(inquiry);
		else if (inquiry.tries < TRIES && inquiry.udp !== undefined) this.ask(inquiry, inquiry.udp, nowMs);
		else this.drop(`the time server ${inquiry.server} ${inquiry.refusal}`, inquiry.refusal === SILENT);
	}

	onDatagram(bytes: Uint8Array, count: number, address: string, port: number): void {
		const { inquiry } = this;
		if (inquiry?.request === undefined || address !== inquiry.address || port !== PORT) return;
		const reply: NtpReply = { kind: "none", epochMs: 0, workMs: 0 };
		readReply(bytes, count, inquiry.request, reply);
		if (reply.kind === "time") this.take(inquiry, reply);
		else if (reply.kind === "none")
			inquiry.refusal = "gave an answer that makes no sense"; // an honest one may still come
		else this.turnedAway(inquiry, reply.kind);
	}

	private take(inquiry: Inquiry, { epochMs, workMs }: NtpReply): void {
		const roundTripMs = this.board.clock.monotonicMs() - inquiry.sentMs;
		const nowMs = epochMs + Math.max(0, roundTripMs - workMs) / 2;
		if (nowMs < this.needs.floor.earliestMs) {
			inquiry.refusal = `tells a time that is long over (${daysAgo(this.needs.floor.earliestMs - nowMs)})`;
			return;
		}
		this.board.clock.setWallMs(Math.round(nowMs));
		this.finish(undefined);
	}

	/** The server does not want to be asked: RFC 5905 §7.4. */
	private turnedAway({ server }: Inquiry, kind: "deny" | "rate"): void {
		this.servers?.turnedAway(kind, this.board.clock.monotonicMs());
		this.drop(`the time server ${server} does not want to be asked`);
	}

	private next(servers: TimeServers, nowMs: number): void {
		this.leave();
		const server = servers.next(nowMs);
		if (server === undefined) {
			this.finish(servers.failure());
			return;
		}
		const inquiry: Inquiry = { server, address: "", tries: 0, sentMs: 0, refusal: SILENT };
		this.inquiry = inquiry;
		this.dueMs = nowMs + NAME_MS;
		try {
			if (isIpv4(server)) this.open(inquiry, server);
			else this.board.network.resolve(server, this);
		} catch (error) {
			this.drop(`the time server ${server} cannot be asked: ${reasonOf(error)}`);
		}
	}

	private nameLate(inquiry: Inquiry): void {
		const { server } = inquiry;
		const known = this.needs.names.recall(server);
		if (known !== undefined) this.open(inquiry, known);
		else this.drop(`no answer when looking up the name ${server} of the time server`);
	}

	private open(inquiry: Inquiry, address: string): void {
		inquiry.address = address;
		try {
			inquiry.udp = this.board.network.udp(this);
		} catch (error) {
			this.drop(`the time server ${inquiry.server} cannot be asked: ${reasonOf(error)}`);
			return;
		}
		this.ask(inquiry, inquiry.udp, this.board.clock.monotonicMs());
	}

	private ask(inquiry: Inquiry, udp: Udp, nowMs: number): void {
		inquiry.tries++;
		this.dueMs = nowMs + TRY_MS;
		inquiry.sentMs = nowMs;
		const request = new Uint8Array(NTP_BYTES);
		try {
			this.board.random(request);
			makeRequest(request);
			inquiry.request = request;
			udp.write(request, inquiry.address, PORT);
		} catch (error) {
			inquiry.refusal = `could not be asked: ${reasonOf(error)}`; // tried again when due
		}
	}

	/** This server is of no use now; the next one may be. */
	private drop(why: string, silent = false): void {
		const { servers } = this;
		servers?.failed(why, silent);
		if (servers !== undefined) this.next(servers, this.board.clock.monotonicMs());
	}

	private finish(failure: string | undefined): void {
		this.failed = failure !== undefined;
		this.leave();
		if (this.servers?.remembers !== true) this.servers = undefined;
		this.dueMs = this.board.clock.monotonicMs() + (this.failed ? RETRY_MS : AGAIN_MS);
		this.needs.onTime(failure);
	}

	private get board(): Board {
		return this.needs.board;
	}

	private leave(): void {
		const udp = this.inquiry?.udp;
		this.inquiry = undefined;
		if (udp !== undefined) closeQuietly(udp);
	}
}

function daysAgo(ms: number): string {
	return `${Math.ceil(ms / 86_400_000)} days before the last one known here`;
}
