import type { SessionKeeper } from "ssl/session";
import type { TlsOptions } from "../ports/network.js";
import type { Trusted } from "../security/chain.js";
import { type KeptSession, SessionCache } from "../security/session-cache.js";

interface SdkSession {
	readonly id: ArrayBuffer;
	readonly secret: ArrayBuffer;
}

/** Of all connections, made with the first one over TLS. */
let cache: SessionCache<SdkSession> | undefined;

/** Of the last server that was checked in full. */
let lastUntilMs: number | undefined;

/** When the first certificate expires that the last server depends on; undefined before there was one. */
export function trustEndsMs(): number | undefined {
	return lastUntilMs;
}

/** Stands in place of the SDK's own cache in one connection, which knows neither ports, nor dates, nor whom we trust. */
export class TlsSessions implements SessionKeeper {
	private readonly tls: TlsOptions;
	private readonly port: number;
	private checked: Omit<KeptSession<SdkSession>, "state"> | undefined;

	constructor(tls: TlsOptions, port: number) {
		this.tls = tls;
		this.port = port;
	}

	/** The server was checked in full at this time. */
	agreed({ untilMs }: Trusted, checkedMs: number): void {
		this.checked = { checkedMs, untilMs };
		lastUntilMs = untilMs;
	}

	getByHost(): SdkSession | undefined {
		const found = cache?.take(this.tls, this.port, Date.now());
		this.checked = found;
		return found?.state;
	}

	saveSession(_host: string, id: ArrayBuffer, secret: ArrayBuffer): void {
		const { checked } = this;
		if (checked === undefined) return;
		const { checkedMs, untilMs } = checked;
		cache ??= new SessionCache();
		cache.keep(this.tls, this.port, { state: { id, secret }, checkedMs, untilMs });
	}

	/** It is handed out once only. */
	deleteSessionID(): void {}
}
