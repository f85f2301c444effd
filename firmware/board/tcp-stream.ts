import { enter } from "./entry.js";
import { SocketStream } from "./socket-stream.js";

const BUFFER_BYTES = 1024;

/** Lent to handlers for the time of a call, and so one is enough for all streams. */
let buffer: Uint8Array | undefined;

/** A plain TCP connection. */
export class TcpStream extends SocketStream {
	private room = 0;
	/** The part of a buffer that was written last: a session writes from the same one, and often as much again. */
	private view: Uint8Array | undefined;
	private viewOf: Uint8Array | undefined;
	private viewCount = 0;
	private buffer: ArrayBufferLike | undefined;
	private from = 0;

	/** The whole at once where there is room for it, as there nearly always is: none before it is open, or while some waits. */
	override write(bytes: Uint8Array, count: number): boolean {
		if (count > this.room) return super.write(bytes, count);
		if (count !== this.viewCount || bytes !== this.viewOf) {
			if (bytes !== this.viewOf) {
				this.viewOf = bytes;
				this.buffer = bytes.buffer;
				this.from = bytes.byteOffset;
			}
			this.view = new Uint8Array(this.buffer as ArrayBufferLike, this.from, count); // cheaper than subarray
			this.viewCount = count;
		}
		try {
			const room = this.socket?.write(this.view as Uint8Array);
			this.room = room ?? 0;
			if (room === undefined) this.failSoon("the connection broke while sending");
		} catch (error) {
			this.failSoon(this.explain(error));
		}
		return true;
	}

	override close(): void {
		this.room = 0;
		super.close();
	}

	override received(unread: number): void {
		buffer ??= new Uint8Array(BUFFER_BYTES);
		// All of it: the platform does not tell again of bytes that were left behind.
		for (let left = unread; left > 0 && this.socket; left -= buffer.length) {
			const count = Math.min(left, buffer.length);
			this.socket.read(count === buffer.length ? buffer : buffer.subarray(0, count));
			enter("connection", this.handler, this.handler.onData, buffer, count);
		}
	}

	override roomFor(room: number): void {
		this.room = room;
		if (this.opened) this.flush();
		else this.open();
	}

	protected override capacity(): number {
		return this.room;
	}

	protected override push(bytes: Uint8Array): boolean {
		const room = this.socket?.write(bytes);
		this.room = room ?? 0;
		return room !== undefined;
	}
}
