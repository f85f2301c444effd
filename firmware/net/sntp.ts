import type { Board } from "../ports/board.js";
import type { Udp, UdpHandler } from "../ports/network.js";

const PORT = 123;
const PACKET_BYTES = 48; // RFC 4330 section 4, without authentication
const TRIES = 4;
const TRY_MS = 2_000;
const EPOCH_1900_S = 2_208_988_800; // seconds from 1900 to 1970, RFC 868
const ERA_S = 2 ** 32; // NTP era 1 begins in February 2036
/** No honest clock says less: this code did not exist then. 2026-01-01T00:00:00Z in milliseconds since 1970. */
export const EARLIEST_MS = 1_767_225_600_000;

export interface SntpHandler {
	/** The clock is set (no argument), or it could not be, and why. */
	onTime(failure: string | undefined): void;
}

/**
 * Asks one server for the time (RFC 4330) and sets the board's clock. A reply counts only when it comes from the
 * address and port that were asked, repeats the random number that was sent, and makes sense.
 */
export class Sntp implements UdpHandler {
	dueMs = Number.POSITIVE_INFINITY;
	private readonly board: Board;
	private readonly handler: SntpHandler;
	private readonly request = new Uint8Array(PACKET_BYTES);
	private udp: Udp | undefined;
	private address = "";
	private tries = 0;
	private refusal = "";

	constructor(board: Board, handler: SntpHandler) {
		this.board = board;
		this.handler = handler;
	}

	/** Starts asking the server at a numeric address. */
	start(address: string, nowMs: number): void {
		this.stop();
		this.address = address;
		this.tries = 0;
		this.refusal = "no answer";
		this.udp = this.board.network.udp(this);
		this.run(nowMs);
	}

	stop(): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		this.udp?.close();
		this.udp = undefined;
	}

	/** Sends the next try, or gives up. */
	run(nowMs: number): void {
		if (this.udp === undefined) return;
		if (this.tries === TRIES) {
			this.stop();
			this.handler.onTime(`the time server ${this.address} gave ${this.refusal}`);
			return;
		}
		this.tries++;
		this.dueMs = nowMs + TRY_MS;
		const request = this.request.fill(0);
		this.board.random(request);
		request.fill(0, 0, 40); // only the transmit timestamp stays random: it comes back as the originate timestamp
		request[0] = 0x23; // no warning, version 4, client
		try {
			this.udp.write(request, this.address, PORT);
		} catch {
			this.refusal = "no answer: the network did not take the question"; // tried again when due
		}
	}

	onDatagram(bytes: Uint8Array, count: number, address: string, port: number): void {
		if (this.udp === undefined || address !== this.address || port !== PORT) return;
		const epochMs = readTime(bytes, count, this.request);
		if (epochMs === undefined) {
			this.refusal = "an answer that makes no sense";
			return; // an honest answer may still come
		}
		this.stop();
		this.board.clock.setWallMs(epochMs);
		this.handler.onTime(undefined);
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
	const era = seconds >= ERA_S / 2 ? 0 : ERA_S;
	const epochMs = (seconds + era - EPOCH_1900_S) * 1_000 + Math.floor((uint32(reply, 44) * 1_000) / ERA_S);
	return epochMs >= EARLIEST_MS ? epochMs : undefined;
}

function uint32(bytes: Uint8Array, at: number): number {
	return (
		(bytes[at] as number) * 0x1000000 +
		(((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
	);
}
