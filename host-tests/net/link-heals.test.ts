import { describe, expect, it } from "vitest";
import type { SessionEndKind } from "../../firmware/mqtt/types.js";
import { LinkRig } from "./link-rig.js";

/** Longest pause, and every stage at its slowest. */
const BACK_MS = 120_000 + 60_000;

interface Trouble {
	readonly stage: string;
	readonly what: string;
	/** Breaks something; returns what mends it. */
	begin(rig: LinkRig): () => void;
}

/** A method of the board's network, in place of which `broken` is called until mended. */
function replace<K extends "start" | "join" | "resolve" | "connect" | "udp">(
	stage: string,
	what: string,
	name: K,
	broken: () => never,
): Trouble {
	return {
		stage,
		what,
		begin({ board: { network } }) {
			const own = network[name];
			network[name] = broken as never;
			return () => {
				network[name] = own;
			};
		},
	};
}

function fails(): never {
	throw new Error("planted");
}

function silence(): never {
	return undefined as never;
}

function ends(kind: SessionEndKind): Trouble {
	return {
		stage: "mqtt",
		what: `the session ends: ${kind}`,
		begin(rig) {
			rig.session.refusal = kind;
			return () => {
				rig.session.refusal = undefined;
			};
		},
	};
}

function point(what: string, change: { inReach?: boolean; refusal?: string; addressless?: boolean }): Trouble {
	return {
		stage: change.addressless ? "address" : "network",
		what,
		begin({ board: { network } }) {
			network.accessPoints = [{ name: "home", inReach: true, ...change }];
			return () => {
				network.accessPoints = [{ name: "home", inReach: true }];
			};
		},
	};
}

const TROUBLES: readonly Trouble[] = [
	point("not in reach", { inReach: false }),
	point("it refuses the password", { refusal: "it refused the password" }),
	point("no DHCP server", { addressless: true }),
	replace("network", "it cannot be started", "start", fails),
	{
		stage: "network",
		what: "joining brings nothing",
		begin({ board: { network } }) {
			const own = network.join;
			network.accessPoints = [{ name: "home", inReach: true }];
			network.join = () => undefined;
			return () => {
				network.join = own;
			};
		},
	},
	{
		stage: "time",
		what: "nobody answers at port 123",
		begin({ board: { internet } }) {
			internet.blackHoles.add("10.0.0.2");
			return () => internet.blackHoles.delete("10.0.0.2");
		},
	},
	{
		stage: "time",
		what: "the server is not synchronised",
		begin({ time }) {
			time.stratum = 16;
			return () => {
				time.stratum = 2;
			};
		},
	},
	{
		stage: "time",
		what: "the server lives in the past",
		begin({ time }) {
			time.offsetMs = -4e11;
			return () => {
				time.offsetMs = 0;
			};
		},
	},
	replace("time", "no socket", "udp", fails),
	replace("time", "names are looked up in vain", "resolve", silence),
	replace("time", "names cannot be looked up", "resolve", fails),
	{
		stage: "name",
		what: "not found",
		begin({ board: { internet } }) {
			internet.names.delete("broker.test");
			return () => internet.names.set("broker.test", "10.0.0.1");
		},
	},
	replace("tcp", "no socket", "connect", fails),
	{
		stage: "tcp",
		what: "nobody listens",
		begin(rig) {
			rig.board.internet.server("10.0.0.1", 8883)?.stop();
			return () => rig.listen();
		},
	},
	{
		stage: "tcp",
		what: "a black hole",
		begin({ board: { internet } }) {
			internet.blackHoles.add("10.0.0.1");
			return () => internet.blackHoles.delete("10.0.0.1");
		},
	},
	{
		stage: "tls",
		what: "a certificate for somebody else",
		begin(rig) {
			rig.listen(["evil.test"]);
			return () => rig.listen();
		},
	},
	{
		stage: "mqtt",
		what: "the broker says nothing",
		begin({ session }) {
			session.silent = true;
			return () => {
				session.silent = false;
			};
		},
	},
	...(["network", "credentials", "version", "protocol", "server", "moved"] as const).map(ends),
];

describe.each(TROUBLES)("$stage: $what", ({ stage, begin }) => {
	it.each([1_000, 60_000, 86_400_000])("from the start, for %i ms: comes back by itself", (ms) => {
		const rig = new LinkRig();
		let restarts = 0;
		rig.board.onRestart = () => restarts++;
		const mend = begin(rig);
		rig.start(ms);
		if (ms > 1_000) {
			expect(rig.link).toMatchObject({ connects: 0, failedStage: stage });
			expect(rig.link.failuresIn(stage as "tcp")).toBeGreaterThan(0);
			expect(rig.link.lastError).toMatch(/^\S.*[^.]$/);
		}
		mend();
		expect(rig.board.world.until(() => rig.link.state === "online", BACK_MS, 100)).toBe(true);
		expect([rig.panics, restarts]).toEqual([[], 0]);
	});
});

describe("a certificate that is being checked when the line goes silent", () => {
	it("has a deadline of its own", () => {
		const rig = new LinkRig();
		rig.start(0);
		expect(rig.board.world.until(() => rig.link.state === "tls", 10_000, 1)).toBe(true);
		rig.board.network.cutSilently();
		rig.board.world.advance(31_000);
		expect(rig.link).toMatchObject({ failedStage: "tls", cause: "timeout", state: "waiting" });
		rig.board.network.restore();
		expect(rig.board.world.until(() => rig.link.state === "online", BACK_MS, 100)).toBe(true);
	});
});
