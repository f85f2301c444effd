import type { TlsOptions } from "../ports/network.js";

/** RFC 5246 §F.1.4: no session is gone on with for longer. */
const LIFE_MS = 86_400_000;

/** A session that a server may be asked to go on with. */
export interface KeptSession<T> {
	/** What the board's TLS needs for it. */
	readonly state: T;
	/** When the server was checked in full. */
	readonly checkedMs: number;
	/** When the first of the certificates expires that it was accepted for. */
	readonly untilMs: number;
}

/**
 * The last TLS session. It is gone on with only at the server that it was agreed with, while what must convince of that
 * server is still the very same, for a day at most, and never beyond the dates of the certificates that convinced then: a
 * server that goes on with a session shows none. Each session is handed out once, and kept again by whoever it served: one
 * that makes trouble is not tried twice.
 */
export class SessionCache<T> {
	private kept: KeptSession<T> | undefined = undefined;
	private tls: TlsOptions | undefined = undefined;
	private port = 0;

	/** The session for this server, which from now on is not kept any more. */
	take(tls: TlsOptions, port: number, nowMs: number): KeptSession<T> | undefined {
		const { kept } = this;
		if (kept === undefined || port !== this.port || this.tls === undefined || !isSame(tls, this.tls)) return undefined;
		this.kept = undefined;
		const age = nowMs - kept.checkedMs;
		return age >= 0 && age < LIFE_MS && nowMs <= kept.untilMs ? kept : undefined;
	}

	/** Keeps a session in place of any other. */
	keep(tls: TlsOptions, port: number, session: KeptSession<T>): void {
		this.tls = tls;
		this.port = port;
		this.kept = session;
	}
}

/** The same server and the same conditions: the lists themselves, for nobody changes what is in them. */
function isSame(a: TlsOptions, b: TlsOptions): boolean {
	return (
		a.serverName === b.serverName &&
		a.roots === b.roots &&
		a.pins === b.pins &&
		a.identity === b.identity &&
		a.protocol === b.protocol
	);
}
