import type { Board } from "../ports/board.js";
import type { ResolveHandler, Udp, UdpHandler } from "../ports/network.js";
import { isIpv4 } from "./address.js";
import { reasonOf } from "./mishap.js";

const PORT = 123;
const PACKET_BYTES = 48; // RFC 4330 section 4, without authentication
const TRIES = 4;
const TRY_MS = 2_000;
const NAME_MS = 15_000;
const AGAIN_MS = 86_400_000; // a crystal of 20 ppm is 2 s off after a day
const RETRY_MS = 600_000;
const EPOCH_1900_S = 2_208_988_800; // seconds from 1900 to 1970, RFC 868
const ERA_S = 2 ** 32; // NTP era 1 begins in February 2036
/** No honest clock says less: this code did not exist then. 2025-01-01T00:00:00Z in milliseconds since 1970. */
export const EARLIEST_MS = 1_735_689_600_000;

export interface SntpHandler {
	/** The clock is set (no argument), or it could not be, and why. */
	onTime(failure: string | undefined): void;
}

/**
 * Asks one server for the time (RFC 4330) and sets the board's clock; asks again every day, and sooner when nobody
 * answered. A reply counts only when it comes from the address and port that were asked, repeats the random number
 * that was sent, and makes sense.
 */
export class Sntp implements UdpHandler, ResolveHandler {
	dueMs = Number.POSITIVE_INFINITY;
	/** Nobody answered the last time. */
	failed = false;
	private readonly board: Board;
	private readonly server: string;
	private readonly handler: SntpHandler;
	/** What was sent; only there while something is asked, which is seldom. */
	private request: Uint8Array | undefined;
	private udp: Udp | undefined;
	/** The server's address; empty while its name is being looked up, or nothing is asked. */
	private address = "";
	private looking = false;
	private tries = 0;
	private refusal = "";

	/** @param server name or address of the time server */
	constructor(board: Board, server: string, handler: SntpHandler) {
		this.board = board;
		this.server = server;
		this.handler = handler;
	}

	/** Begins to ask; `onTime` tells how it ended, at once where nothing can be asked. */
	start(nowMs: number): void {
		this.close();
		this.looking = true;
		this.dueMs = nowMs + NAME_MS;
		try {
			if (isIpv4(this.server)) this.onResolved(this.server, this.server);
			else this.board.network.resolve(this.server, this);
		} catch (error) {
			this.finish(`the time server ${this.server} cannot be asked: ${reasonOf(error)}`);
		}
	}

	/** The clock is right already: asks in a day. */
	later(nowMs: number): void {
		this.dueMs = nowMs + AGAIN_MS;
	}

	/** Gives up what is being asked, if anything; nothing is told, and it is asked again later. */
	close(): void {
		const { udp } = this;
		if (this.looking || udp !== undefined) this.dueMs = this.board.clock.monotonicMs() + RETRY_MS;
		this.looking = false;
		this.address = "";
		this.udp = undefined;
		this.request = undefined;
		udp?.close();
	}

	onResolved(host: string, address: string | undefined): void {
		if (!this.looking || host !== this.server) return;
		this.looking = false;
		if (address === undefined) {
			this.finish(`the name ${host} of the time server was not found`);
			return;
		}
		this.address = address;
		this.tries = 0;
		this.refusal = "gave no answer";
		this.udp = this.board.network.udp(this);
		this.run(this.board.clock.monotonicMs());
	}

	/** Sends the next try, gives up, or begins anew. */
	run(nowMs: number): void {
		if (this.looking) this.finish(`no answer when looking up the name ${this.server} of the time server`);
		else if (this.udp === undefined) this.start(nowMs);
		else if (this.tries === TRIES) this.finish(`the time server ${this.server} ${this.refusal}`);
		else this.ask(this.udp, nowMs);
	}

	onDatagram(bytes: Uint8Array, count: number, address: string, port: number): void {
		if (this.request === undefined || address !== this.address || port !== PORT) return;
		const epochMs = readTime(bytes, count, this.request);
		if (epochMs === undefined) {
			this.refusal = "gave an answer that makes no sense";
			return; // an honest answer may still come
		}
		this.board.clock.setWallMs(epochMs);
		this.finish(undefined);
	}

	private ask(udp: Udp, nowMs: number): void {
		this.tries++;
		this.dueMs = nowMs + TRY_MS;
		const request = new Uint8Array(PACKET_BYTES);
		try {
			this.board.random(request);
			request.fill(0, 0, 40); // only the transmit timestamp stays random: it comes back as the originate timestamp
			request[0] = 0x23; // no warning, version 4, client
			this.request = request;
			udp.write(request, this.address, PORT);
		} catch (error) {
			this.refusal = `could not be asked: ${reasonOf(error)}`; // tried again when due
		}
	}

	private finish(failure: string | undefined): void {
		this.failed = failure !== undefined;
		try {
			this.close();
		} finally {
			this.dueMs = this.board.clock.monotonicMs() + (this.failed ? RETRY_MS : AGAIN_MS);
			this.handler.onTime(failure);
		}
	}
}

/** The time in a reply in milliseconds since 1970, or undefined when the reply cannot be trusted (RFC 4330 section 5). */
export function readTime(reply: Uint8Array, count: number, request: Uint8Array): number | undefined {
	if (count < PACKET_BYTES) return undefined;
	const first = reply[0] as number;
	const stratum = reply[1] as number;
	if ((first & 7) !== 4 || first >> 6 === 3 || stratum === 0 || stratum > 15) return undefined;
	for (let i = 0; i < 8; i++) if (reply[24 + i] !== request[40 + i]) return undefined;
	const seconds = uint32(reply, 40);
	const fraction = uint32(reply, 44);
	if (seconds === 0 && fraction === 0) return undefined; // the server does not know; read as a time it were in 2036
	const era = seconds >= ERA_S / 2 ? 0 : ERA_S;
	const epochMs = (seconds + era - EPOCH_1900_S) * 1_000 + Math.floor((fraction * 1_000) / ERA_S);
	return epochMs >= EARLIEST_MS ? epochMs : undefined;
}

function uint32(bytes: Uint8Array, at: number): number {
	return (
		(bytes[at] as number) * 0x1000000 +
		(((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
	);
}
