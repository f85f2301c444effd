import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { checkChain } from "../../firmware/security/chain.js";
import { HandshakeGate } from "../../firmware/security/handshake-gate.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";

/** A socket with the gate in between, for Node.js's own TLS client to talk through. */
export class GatedSocket extends Duplex {
	/** Why the gate ended the connection. */
	refusal: string | undefined;
	readonly gate: HandshakeGate;
	private readonly socket: Socket;

	constructor(port: number, host: string, roots: readonly Uint8Array[], nowMs: number) {
		super();
		const policy = { host, roots, pins: [], nowMs };
		this.gate = new HandshakeGate((chain) => checkChain(chain, policy, nodeCrypto), nodeCrypto);
		this.socket = connect(port, "127.0.0.1");
		this.socket.on("data", (bytes) => this.arrived(bytes));
		this.socket.on("end", () => this.push(null));
		this.socket.on("error", (error) => this.destroy(error));
	}

	override _read(): void {}

	override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
		this.gate.sent(new Uint8Array(bytes));
		this.socket.write(bytes, done);
	}

	override _final(done: () => void): void {
		this.socket.end(done);
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		this.socket.destroy();
		done(error);
	}

	private arrived(bytes: Buffer): void {
		try {
			const used = this.gate.passing ? 0 : this.gate.feed(bytes, bytes.length);
			for (const record of this.gate.output.splice(0)) this.push(record);
			if (used === bytes.length) return;
			const rest = bytes.subarray(used);
			this.gate.inspect(rest, rest.length);
			this.push(rest);
		} catch (error) {
			this.refusal = (error as Error).message;
			this.destroy();
		}
	}
}
