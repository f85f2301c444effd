import type { Crypto } from "../../../firmware/ports/crypto.js";
import { checkChain } from "../../../firmware/security/chain.js";
import { HandshakeGate } from "../../../firmware/security/handshake-gate.js";
import { Refused } from "../../../firmware/security/refused.js";

/*
 * What runs inside XS: the gate in front of TLS, shown what a server sends. Cryptography is left out, which is native on a
 * chip: every signature is right there or wrong, as the visit says.
 */

interface Visit {
	/** Bytes in hexadecimal: what the device sent, what the server sends, and who is trusted. */
	readonly hello: string;
	readonly flight: string;
	readonly root: string;
	readonly nowMs: number;
	/** Signatures are right. */
	readonly signed: boolean;
}

const engine = globalThis as unknown as Record<"prepare" | "visit", unknown>;
let prepared: (() => string) | undefined;

engine.prepare = (json: string): void => {
	const { hello, flight, root, nowMs, signed } = JSON.parse(json) as Visit;
	const sent = bytesOf(hello);
	const bytes = bytesOf(flight);
	const policy = { host: "broker.test", roots: [bytesOf(root)], pins: [], nowMs };
	const crypto = { hash: () => new Uint8Array(32), verifyEcdsa: () => signed } as unknown as Crypto;
	prepared = () => {
		const gate = new HandshakeGate((chain) => checkChain(chain, policy, crypto).leaf, crypto);
		gate.sent(sent);
		try {
			gate.feed(bytes, bytes.length);
			return "it goes on";
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			return error.message;
		}
	};
};

engine.visit = (): string => prepared?.() ?? "nothing was prepared";

function bytesOf(hex: string): Uint8Array {
	return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
