import type { Board } from "../ports/board.js";
import type { ResolveHandler, Stream, StreamHandler } from "../ports/network.js";
import { isIpv4 } from "./address.js";
import type { HttpsPlace } from "./https-url.js";
import { closeQuietly, reasonOf } from "./mishap.js";
import { type AskedRange, RangeResponse } from "./range-response.js";

/** Whoever fetches a file. */
export interface RangeHandler {
	/** The range that was asked for, in `bytes[0..count)`, lent until the call returns. */
	onRange(bytes: Uint8Array, count: number): void;
	/** It could not be had, in plain words. It may be asked for again. */
	onRangeFailed(reason: string): void;
}

const NEVER = Number.POSITIVE_INFINITY;
const NAME_MS = 10_000;
const CONNECT_MS = 60_000; // a TLS handshake takes a chip seconds
const ANSWER_MS = 30_000;
/**
 * What a server may send at once. Another TLS connection is open, to the broker: an ESP32-C3 has no room for a handshake, or
 * for the record of an error page, that is much larger.
 */
const BYTES_MAX = 8_000;

/** `closed`: no connection. `idle`: one is open, and nothing asked. The others wait, each not for ever. */
type State = "closed" | "name" | "connecting" | "idle" | "asked";

/**
 * Fetches one file over HTTPS (HTTP/1.1, RFC 9112), a range at a time: never more is on its way than was asked for, and TLS
 * records stay as small as that. The connection is kept from one range to the next where the server lets it.
 *
 * Nothing that a server sends makes it throw or keep more than one range; what is not exactly what was asked for ends it.
 */
export class RangeClient implements StreamHandler, ResolveHandler {
	state: State = "closed";
	/** When what it waits for is given up; monotonic milliseconds. */
	dueMs = NEVER;
	private readonly board: Pick<Board, "network" | "clock" | "text">;
	private readonly place: HttpsPlace;
	private readonly roots: readonly Uint8Array[];
	private readonly handler: RangeHandler;
	private readonly rangeMax: number;
	/** There only while a connection is open: a handshake needs the room. */
	private body: Uint8Array | undefined = undefined;
	private stream: Stream | undefined = undefined;
	private asked: AskedRange | undefined = undefined;
	private response: RangeResponse | undefined = undefined;

	/** @param rangeMax the most bytes that are ever asked for at once. @param roots DER; the server must show one's child. */
	constructor(
		board: Pick<Board, "network" | "clock" | "text">,
		place: HttpsPlace,
		roots: readonly Uint8Array[],
		rangeMax: number,
		handler: RangeHandler,
	) {
		this.board = board;
		this.place = place;
		this.roots = roots;
		this.handler = handler;
		this.rangeMax = rangeMax;
	}

	/** Asks for a range, over the open connection or a new one. What is on its way is given up. */
	ask(range: AskedRange): void {
		const isOpen = this.state === "idle";
		if (!isOpen) this.close();
		this.asked = range;
		if (isOpen) this.request();
		else this.open();
	}

	/** Something took too long. */
	run(nowMs: number): void {
		if (nowMs < this.dueMs) return;
		if (this.state === "idle") this.close();
		else this.fail(`${this.place.host} does not answer`);
	}

	/** Ends the connection. Nothing is told any more until the next `ask`. */
	close(): void {
		const { stream } = this;
		this.stream = undefined;
		this.asked = undefined;
		this.response = undefined;
		this.body = undefined;
		this.enter("closed", NEVER);
		if (stream !== undefined) closeQuietly(stream);
	}

	onResolved(host: string, address: string | undefined): void {
		if (this.state !== "name" || host !== this.place.host) return;
		if (address === undefined || !isIpv4(address)) this.fail(`the name ${host} was not found`);
		else this.connect(address);
	}

	onOpen(): void {
		if (this.state === "connecting") this.request();
	}

	onData(bytes: Uint8Array, count: number): void {
		const { response } = this;
		if (this.state !== "asked" || response === undefined) {
			this.fail("the server sends what nobody asked for");
			return;
		}
		response.take(bytes, count);
		if (response.refusal !== undefined) this.fail(response.refusal);
		else if (response.done) this.finish(response);
	}

	onWritable(): void {
		// Requests are short, and one is written when the answer to the last is there: there is always room.
	}

	onClose(reason: string): void {
		this.stream = undefined;
		if (this.state === "idle") this.close();
		else this.fail(`no connection to ${this.place.host}, port ${this.place.port}: ${reason}`);
	}

	private open(): void {
		const { host } = this.place;
		this.enter("name", NAME_MS);
		try {
			if (isIpv4(host)) this.connect(host);
			else this.board.network.resolve(host, this);
		} catch (error) {
			this.fail(reasonOf(error));
		}
	}

	private connect(address: string): void {
		const { host, port } = this.place;
		this.enter("connecting", CONNECT_MS);
		try {
			const tls = { serverName: host, roots: this.roots, bytesMax: BYTES_MAX };
			this.stream = this.board.network.connect({ address, port, tls }, this);
		} catch (error) {
			this.fail(reasonOf(error));
		}
	}

	private request(): void {
		const { asked, stream, place } = this;
		if (asked === undefined || stream === undefined) return;
		this.body ??= new Uint8Array(this.rangeMax);
		this.response = new RangeResponse(asked, this.body);
		const request = this.board.text.encode(
			`GET ${place.path} HTTP/1.1\r\n` +
				`Host: ${place.port === 443 ? place.host : `${place.host}:${place.port}`}\r\n` +
				`Range: bytes=${asked.first}-${asked.first + asked.count - 1}\r\n` +
				"Accept-Encoding: identity\r\n" +
				"User-Agent: farpin\r\n" +
				"\r\n",
		);
		this.enter("asked", ANSWER_MS);
		if (!stream.write(request, request.length)) this.fail("the connection takes nothing although it is open");
	}

	private finish({ keepsOpen }: RangeResponse): void {
		const { asked, body } = this;
		this.asked = undefined;
		this.response = undefined;
		if (keepsOpen) this.enter("idle", ANSWER_MS);
		else this.close();
		if (asked !== undefined && body !== undefined) this.handler.onRange(body, asked.count);
	}

	private fail(reason: string): void {
		const waited = this.asked !== undefined;
		this.close();
		if (waited) this.handler.onRangeFailed(reason);
	}

	private enter(state: State, limitMs: number): void {
		this.state = state;
		this.dueMs = limitMs === NEVER ? NEVER : this.board.clock.monotonicMs() + limitMs;
	}
}
