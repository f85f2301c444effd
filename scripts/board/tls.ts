import { constants } from "node:crypto";
import { isIP, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, type TLSSocket } from "node:tls";
import type { TlsOptions } from "../../firmware/ports/network.js";
import { checkChain } from "../../firmware/security/chain.js";
import type { Judge } from "../../firmware/security/handshake.js";
import { HandshakeGate } from "../../firmware/security/handshake-gate.js";
import type { KeptSession, SessionCache } from "../../firmware/security/session-cache.js";
import { identityPem, toPem } from "../pki/identity.js";
import { nodeCrypto } from "./crypto.js";
import { GatedSocket } from "./gated-socket.js";

/** The TLS session of a board that may be gone on with, in the form of Node.js. */
export type PcSessions = SessionCache<Buffer>;

/** The same offer as the chip's, so that a broker which works here works there. */
const OFFER = {
	minVersion: "TLSv1.2",
	maxVersion: "TLSv1.2",
	ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
	ecdhCurve: "P-256:P-384",
	sigalgs: "ECDSA+SHA256:RSA+SHA256",
	secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
} as const;

interface Secured {
	readonly gated: GatedSocket;
	readonly gate: HandshakeGate;
	readonly tls: TLSSocket;
}

/** TLS over `tcp`: the gate that the chip has looks at all of it first, and then Node.js checks it once more. */
export function secure(tcp: Socket, options: TlsOptions, port: number, sessions: PcSessions): Secured {
	const { serverName, roots, pins = [], identity, protocol } = options;
	const kept = sessions.take(options, port, Date.now());
	let checked: Omit<KeptSession<Buffer>, "state"> | undefined = kept;
	const judge: Judge = (chain) => {
		const checkedMs = Date.now();
		const { leaf, untilMs } = checkChain(chain, { host: serverName, roots, pins, nowMs: checkedMs }, nodeCrypto);
		checked = { checkedMs, untilMs };
		return leaf;
	};
	const gate = new HandshakeGate(judge, nodeCrypto, options.bytesMax);
	const gated = new GatedSocket(tcp, gate);
	const tls = connectTls({
		...OFFER,
		...(identity === undefined ? {} : identityPem(identity)),
		...(protocol === undefined ? {} : { ALPNProtocols: [protocol] }),
		...(kept === undefined ? {} : { session: kept.state }),
		socket: gated,
		ca: roots.map((der) => toPem("CERTIFICATE", der)),
		rejectUnauthorized: true,
		allowPartialTrustChain: true, // an intermediate may be trusted without its root; unknown to older versions
		servername: isIP(serverName) === 0 ? serverName : "", // RFC 6066 allows no addresses in SNI
		// Always against the name asked for, also where SNI had to stay empty.
		checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
	});
	tls.once("secureConnect", () => {
		const state = tls.getSession();
		if (state !== undefined && checked !== undefined) sessions.keep(options, port, { ...checked, state });
	});
	return { gated, gate, tls };
}
