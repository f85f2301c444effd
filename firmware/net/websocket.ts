import type { Board } from "../ports/board.js";
import type { Stream, StreamHandler } from "../ports/network.js";
import { closeQuietly } from "./mishap.js";
import type { BrokerAddress } from "./types.js";
import { BINARY, NORMAL, PONG, PROTOCOL_ERROR } from "./websocket-frames.js";
import { type FrameEvent, FrameReader } from "./websocket-reader.js";
import { acceptFor, newKey, requestFor } from "./websocket-request.js";
import { ResponseReader } from "./websocket-response.js";
import { closeCode, closeWords } from "./websocket-words.js";
import { FrameWriter } from "./websocket-writer.js";

/**
 * MQTT's bytes in the binary frames of a WebSocket (RFC 6455, client), over a stream that is TCP or TLS. Where frames begin
 * and end means nothing to MQTT [MQTT-6.0.0-2]: data is handed on as it arrives, and no frame is ever held whole.
 *
 * Nothing that a server sends makes it throw, wait for ever inside a call, or keep more than one line or control frame. What
 * its handler throws goes on to whoever called, when all bytes are taken. How long it may take to open is its owner's affair.
 */
export class WebSocketStream implements Stream, StreamHandler {
	private readonly broker: BrokerAddress;
	private readonly path: string;
	private readonly board: Pick<Board, "random" | "text">;
	private readonly handler: StreamHandler;
	/** What is below; undefined before `over`, and when this one has ended. */
	private lower: Stream | undefined = undefined;
	/** Between the request and the end of its answer. */
	private response: ResponseReader | undefined = undefined;
	private writer: FrameWriter | undefined = undefined;
	private reader: FrameReader | undefined = undefined;
	private opened = false;
	/** Below, a write was refused and has not been called for since. */
	private blocked = false;
	/** Here, one was. */
	private wantsRoom = false;

	/** @param handler told of the WebSocket as of any other stream. */
	constructor(broker: BrokerAddress, path: string, board: Pick<Board, "random" | "text">, handler: StreamHandler) {
		this.broker = broker;
		this.path = path;
		this.board = board;
		this.handler = handler;
	}

	/** Begins: `lower` is being connected, and this is its handler. */
	over(lower: Stream): void {
		this.lower = lower;
	}

	write(bytes: Uint8Array, count: number): boolean {
		if (!this.opened) return false;
		this.wantsRoom = this.blocked || !this.send(BINARY, bytes, count);
		return !this.wantsRoom;
	}

	/** Says Close and leaves at once, as §7.1.1 allows: who asks for it wants to hear no more. */
	close(): void {
		if (this.opened) this.farewell(NORMAL);
		this.leave();
	}

	/** What is below is connected: the client's half of the opening handshake (§4.1). */
	onConnected(): void {
		this.handler.onConnected?.();
	}

	onOpen(): void {
		const { lower, board } = this;
		if (lower === undefined) return;
		const key = newKey(board);
		if (key === undefined) {
			this.fail("WebSocket refused: this board has no random numbers to open it with");
			return;
		}
		this.response = new ResponseReader(acceptFor(key, board.text), this.path);
		this.writer = new FrameWriter(board);
		this.reader = new FrameReader();
		const request = board.text.encode(requestFor(this.broker, this.path, key));
		if (!lower.write(request, request.length)) this.fail("the connection takes nothing although it is open");
	}

	onData(bytes: Uint8Array, count: number): void {
		let from = 0;
		let thrown: unknown;
		if (this.response !== undefined) {
			from = this.response.take(bytes, count);
			if (this.response.refusal !== undefined) this.fail(this.response.refusal);
			if (this.response?.done !== true) return;
			this.response = undefined;
			this.opened = true;
			try {
				this.handler.onOpen();
			} catch (error) {
				thrown = error;
			}
		}
		this.reader?.feed(bytes, from, count);
		while (this.reader !== undefined) {
			const event = this.reader.next();
			if (event === "nothing") break;
			try {
				this.onFrame(this.reader, event, bytes);
			} catch (error) {
				thrown ??= error;
			}
		}
		this.reader?.release();
		if (thrown !== undefined) throw thrown;
	}

	onWritable(): void {
		this.blocked = false;
		if (this.reader !== undefined) this.pong(this.reader);
		if (!this.wantsRoom || this.blocked) return;
		this.wantsRoom = false;
		this.handler.onWritable();
	}

	onClose(reason: string): void {
		if (this.lower === undefined) return;
		const why = this.response?.ended(reason) ?? reason;
		this.lower = undefined;
		this.leave();
		this.handler.onClose(why);
	}

	private onFrame(reader: FrameReader, event: FrameEvent, bytes: Uint8Array): void {
		if (event === "data") this.hand(bytes, reader.start, reader.end);
		else if (event === "ping") this.pong(reader);
		else if (event === "close") this.onCloseFrame(reader);
		else this.breakOff(reader.faultCode, reader.fault);
	}

	/** Moved to the start of the chunk, over what was read of it: that costs no object. */
	private hand(bytes: Uint8Array, start: number, end: number): void {
		if (start > 0) bytes.copyWithin(0, start, end);
		this.handler.onData(bytes, end - start);
	}

	/** §5.5.3. Of several pings for whose answers there is no room, the last one is answered. */
	private pong(reader: FrameReader): void {
		if (!reader.unanswered || this.blocked) return;
		if (this.send(PONG, reader.control, reader.controlCount)) reader.unanswered = false;
	}

	/** §5.5.1: it is answered with the same code. */
	private onCloseFrame({ control, controlCount }: FrameReader): void {
		const words = closeWords(this.board.text, control, controlCount);
		if (words === undefined) {
			this.breakOff(PROTOCOL_ERROR, "it closes with a reason that is none");
			return;
		}
		this.farewell(controlCount === 0 ? NORMAL : closeCode(control));
		this.fail(`the other side closed the WebSocket: ${words}`);
	}

	/** The server broke the protocol (§7.1.7). */
	private breakOff(code: number, what: string): void {
		this.farewell(code);
		this.fail(`the other side broke the WebSocket protocol: ${what}`);
	}

	/** One frame in one write; false when there is no room below, or nothing to mask it with. */
	private send(opcode: number, payload: Uint8Array, count: number): boolean {
		const { lower, writer } = this;
		if (lower === undefined || writer === undefined) return false;
		const size = writer.frame(opcode, payload, count);
		if (size === 0) return false;
		this.blocked = !lower.write(writer.bytes, size);
		return !this.blocked;
	}

	/** A Close frame, where there is room for it. */
	private farewell(code: number): void {
		const { lower, writer } = this;
		if (lower === undefined || writer === undefined || this.blocked) return;
		const size = writer.close(code);
		if (size > 0) lower.write(writer.bytes, size);
	}

	/** Ends it from inside a callback, and says so. */
	private fail(reason: string): void {
		if (this.lower === undefined) return;
		this.leave();
		this.handler.onClose(reason);
	}

	private leave(): void {
		const { lower } = this;
		this.lower = undefined;
		this.response = undefined;
		this.writer = undefined;
		this.reader = undefined;
		this.opened = false;
		this.wantsRoom = false;
		if (lower !== undefined) closeQuietly(lower);
	}
}
