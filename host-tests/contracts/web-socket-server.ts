import { BINARY, CLOSE, FIN, LENGTH_16, LENGTH_64, PING, PONG } from "../../firmware/net/websocket-frames.js";
import { acceptFor } from "../../firmware/net/websocket-request.js";
import type { Accept, Connection, ConnectionHandler } from "../virtual/internet.js";
import { plainText } from "../virtual/text.js";

const KEY = "Sec-WebSocket-Key: ";

/** Makes of a server one that speaks through WebSockets, for the virtual internet. It believes its clients' requests. */
export function throughWebSocket(accept: Accept): Accept {
	return (connection) => new WebSocketServerSide(connection, accept);
}

/** A server's side of RFC 6455. Throws at a frame that no client may send, which fails the test. */
class WebSocketServerSide implements ConnectionHandler, Connection {
	private readonly connection: Connection;
	private readonly accept: Accept;
	private inner: ConnectionHandler | undefined;
	private pending = new Uint8Array(0);

	constructor(connection: Connection, accept: Accept) {
		this.connection = connection;
		this.accept = accept;
	}

	onData(bytes: Uint8Array, count: number): void {
		const all = new Uint8Array(this.pending.length + count);
		all.set(this.pending);
		all.set(bytes.subarray(0, count), this.pending.length);
		this.pending = all;
		if (this.inner === undefined && !this.greet()) return;
		while (this.takeFrame());
	}

	onClose(): void {
		const { inner } = this;
		this.inner = undefined;
		inner?.onClose();
	}

	send(bytes: Uint8Array): void {
		this.connection.send(serverFrame(BINARY, bytes));
	}

	close(): void {
		this.connection.send(serverFrame(CLOSE, Uint8Array.of(0x03, 0xe8)));
		this.inner = undefined;
		this.connection.close();
	}

	/** Answers the request, when all of it is here. */
	private greet(): boolean {
		const text = plainText.decode(this.pending, 0, this.pending.length);
		if (!text.endsWith("\r\n\r\n")) return false;
		const from = text.indexOf(KEY) + KEY.length;
		const key = text.slice(from, text.indexOf("\r\n", from));
		this.pending = new Uint8Array(0);
		this.connection.send(
			plainText.encode(
				"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
					`Sec-WebSocket-Accept: ${acceptFor(key, plainText)}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`,
			),
		);
		this.inner = this.accept(this);
		return true;
	}

	private takeFrame(): boolean {
		const { pending } = this;
		const short = (pending[1] ?? 0) & 0x7f;
		const lengthBytes = short === LENGTH_64 ? 8 : short === LENGTH_16 ? 2 : 0;
		const start = 6 + lengthBytes;
		if (pending.length < start) return false;
		if (((pending[1] as number) & 0x80) === 0) throw new Error("a frame of the client is not masked");
		let length = lengthBytes === 0 ? short : 0;
		for (let at = 2; at < 2 + lengthBytes; at++) length = length * 256 + (pending[at] as number);
		if (pending.length < start + length) return false;
		const payload = pending.slice(start, start + length);
		for (let at = 0; at < length; at++)
			payload[at] = (payload[at] as number) ^ (pending[start - 4 + (at & 3)] as number);
		this.pending = pending.slice(start + length);
		this.onFrame((pending[0] as number) & 0x0f, payload);
		return true;
	}

	private onFrame(opcode: number, payload: Uint8Array): void {
		if (opcode === BINARY) this.inner?.onData(payload, payload.length);
		else if (opcode === PING) this.connection.send(serverFrame(PONG, payload));
		else if (opcode === CLOSE) {
			this.onClose();
			this.connection.close();
		}
	}
}

function serverFrame(opcode: number, payload: Uint8Array): Uint8Array {
	const { length } = payload;
	const lengthBytes = length < LENGTH_16 ? 0 : length < 65_536 ? 2 : 8;
	const bytes = new Uint8Array(2 + lengthBytes + length);
	bytes[0] = FIN | opcode;
	bytes[1] = lengthBytes === 0 ? length : lengthBytes === 2 ? LENGTH_16 : LENGTH_64;
	let rest = length;
	for (let at = 1 + lengthBytes; at > 1; at--) {
		bytes[at] = rest & 0xff;
		rest = Math.floor(rest / 256);
	}
	bytes.set(payload, 2 + lengthBytes);
	return bytes;
}
