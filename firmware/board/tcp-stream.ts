import { enter } from "./entry.js";
import { SocketStream } from "./socket-stream.js";

const BUFFER_BYTES = 1024;

/** Lent to handlers for the time of a call, and so one is enough for all streams. */
let buffer: Uint8Array | undefined;

/** A plain TCP connection. */
export class TcpStream extends SocketStream {
	private room = 0;

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
