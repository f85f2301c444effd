import { expect, it } from "vitest";
import type { TlsOptions } from "../../firmware/ports/network.js";
import { SessionCache } from "../../firmware/security/session-cache.js";

const HOUR_MS = 3_600_000;
const ROOTS = [Uint8Array.of(1)];
const TLS: TlsOptions = { serverName: "broker.test", roots: ROOTS };
const SESSION = { state: "session", checkedMs: 1_000, untilMs: 100 * HOUR_MS };

function cache(untilMs = SESSION.untilMs): SessionCache<string> {
	const sessions = new SessionCache<string>();
	sessions.keep(TLS, 8_883, { ...SESSION, untilMs });
	return sessions;
}

it("hands a session out at the server that it was agreed with, and once", () => {
	const sessions = cache();
	expect(sessions.take({ serverName: "broker.test", roots: ROOTS }, 8_883, 2_000)).toEqual(SESSION);
	expect(sessions.take(TLS, 8_883, 2_000)).toBeUndefined();
	expect(new SessionCache().take(TLS, 8_883, 0)).toBeUndefined();
});

it("has none for another server, and keeps it for the right one", () => {
	const sessions = cache();
	expect(sessions.take({ ...TLS, serverName: "other.test" }, 8_883, 2_000)).toBeUndefined();
	expect(sessions.take(TLS, 443, 2_000)).toBeUndefined();
	expect(sessions.take(TLS, 8_883, 2_000)).toBeDefined();
});

it("has none where anything else must convince, or is shown", () => {
	const identity = { certificates: [], key: new Uint8Array() };
	for (const change of [{ roots: [...ROOTS] }, { pins: [] }, { identity }, { protocol: "mqtt" }]) {
		expect(cache().take({ ...TLS, ...change }, 8_883, 2_000)).toBeUndefined();
	}
});

it("lets a session end with the certificates that convinced, after a day, and when the clock was put back", () => {
	expect(cache(HOUR_MS).take(TLS, 8_883, HOUR_MS)).toBeDefined();
	expect(cache(HOUR_MS).take(TLS, 8_883, HOUR_MS + 1)).toBeUndefined();
	expect(cache().take(TLS, 8_883, 1_000 + 24 * HOUR_MS - 1)).toBeDefined();
	expect(cache().take(TLS, 8_883, 1_000 + 24 * HOUR_MS)).toBeUndefined();
	expect(cache().take(TLS, 8_883, 999)).toBeUndefined();
});
