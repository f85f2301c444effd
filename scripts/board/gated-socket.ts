import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { HandshakeGate } from "../../firmware/security/handshake-gate.js";

const HEADER_BYTES = 5; // RFC 5246 §6.2.1

/**
 * A TCP connection with the chip's gate in between, for Node.js's own TLS client to talk through: what the chip refuses,
 * for whatever reason, is refused here with the same words, before that client sees it.
 */
export class GatedSocket extends Duplex {
	readonly #socket: Socket;
	readonly #gate: HandshakeGate;
	/** The beginning of a record on its way out. */
	#shown = Buffer.alloc(0);

	constructor(socket: Socket, gate: HandshakeGate) {
		super();
		this.#socket = socket;
		this.#gate = gate;
		socket.on("data", (bytes) => this.#arrived(bytes));
		socket.on("end", () => this.push(null));
		socket.on("error", (error) => this.destroy(error));
		socket.on("close", () => this.destroy());
	}

	override _read(): void {
		this.#socket.resume();
	}

	override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
		this.#show(bytes);
		this.#socket.write(bytes, done);
	}

	override _final(done: () => void): void {
		this.#socket.end(done);
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		this.#socket.destroy();
		done(error);
	}

	/** The gate is shown whole records, and Node.js cuts them as it likes. */
	#show(bytes: Buffer): void {
		if (this.#gate.passing) return;
		this.#shown = Buffer.concat([this.#shown, bytes]);
		while (this.#shown.length >= HEADER_BYTES) {
			const size = HEADER_BYTES + this.#shown.readUInt16BE(3);
			if (this.#shown.length < size) return;
			this.#gate.sent(this.#shown.subarray(0, size));
			this.#shown = this.#shown.subarray(size);
		}
	}

	#arrived(bytes: Buffer): void {
		try {
			const used = this.#gate.passing ? 0 : this.#gate.feed(bytes, bytes.length);
			for (const record of this.#gate.output.splice(0)) this.#handOn(record);
			if (used === bytes.length) return;
			const rest = bytes.subarray(used);
			this.#gate.inspect(rest, rest.length);
			this.#handOn(rest);
		} catch (error) {
			this.destroy(error as Error);
		}
	}

	#handOn(bytes: Uint8Array): void {
		if (!this.push(bytes)) this.#socket.pause();
	}
}
