import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { serverIdentity, splitPem } from "../../scripts/pki/authority.js";
import type { Scratch } from "../scripts/rig.js";
import type { BrokerUnderTest } from "./suite.js";

const USER = "somebody";
const PASSWORD = "a-password-of-the-test";
const READY_MS = 10_000;
const AGAIN_MS = 500;
const PLACES = ["mosquitto", "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"];

/** Where Mosquitto is on this computer; undefined when it is not installed. */
export function findMosquitto(): string | undefined {
	return PLACES.find((place) => spawnSync(place, ["-h"]).error === undefined);
}

/** A real Mosquitto with TLS and a password, and what it logs. */
export interface Mosquitto extends BrokerUnderTest {
	readonly lines: readonly string[];
}

/** How one reaches a Mosquitto: MQTT over TLS, over WebSocket, or over WebSocket and TLS. */
export type Way = "tls" | "ws" | "wss";

export async function startMosquitto(
	program: string,
	scratch: Scratch,
	names: readonly string[],
	way: Way = "tls",
	access?: { readonly acl: string; readonly users: readonly string[] },
): Promise<Mosquitto> {
	const folder = scratch.path(`mosquitto-${way}-${names[0]}`);
	const identity = await serverIdentity(folder, names);
	const port = await freePort();
	const users = `${folder}/users`;
	for (const [n, user] of [USER, ...(access?.users ?? [])].entries()) {
		execFileSync("mosquitto_passwd", ["-b", ...(n === 0 ? ["-c"] : []), users, user, PASSWORD], { stdio: "ignore" });
	}
	if (access !== undefined) writeFileSync(`${folder}/acl`, access.acl);
	const settings = [
		`listener ${port} 127.0.0.1`,
		...(way === "ws" ? [] : [`certfile ${folder}/server.pem`, `keyfile ${folder}/server.key`]),
		// Version 2.0 ends when WebSocket is all that it listens for.
		...(way === "tls" ? [] : ["protocol websockets", `listener ${await freePort()} 127.0.0.1`]),
		"allow_anonymous false",
		`password_file ${users}`,
		...(access === undefined ? [] : [`acl_file ${folder}/acl`]),
		"persistence false",
		...(process.getuid?.() === 0 ? ["user root"] : []), // it would give its rights up and could not read the key
	];
	writeFileSync(`${folder}/mosquitto.conf`, `${settings.join("\n")}\n`);
	const child = spawn(program, ["-v", "-c", `${folder}/mosquitto.conf`], { stdio: ["ignore", "pipe", "pipe"] });
	const lines = await ready(child);
	return {
		target: {
			host: "localhost",
			port,
			roots: way === "ws" ? undefined : splitPem(identity.root),
			webSocketPath: way === "tls" ? undefined : "/mqtt",
			username: USER,
			password: PASSWORD,
		},
		own: false,
		lines,
		close: () => ended(child),
	};
}

export function ready(child: ChildProcess): Promise<string[]> {
	const lines: string[] = [];
	return new Promise((resolve, reject) => {
		const fail = (why: string): void => reject(new Error(`Mosquitto ${why}:\n${lines.join("\n")}`));
		const timer = setTimeout(() => fail("does not start"), READY_MS);
		const hear = (bytes: Buffer): void => {
			lines.push(...bytes.toString().trimEnd().split("\n"));
			if (!lines.some((line) => line.endsWith(" running"))) return;
			clearTimeout(timer);
			resolve(lines);
		};
		child.stderr?.on("data", hear);
		child.stdout?.on("data", hear);
		child.once("error", (error) => fail(error.message));
		child.once("exit", (code) => fail(`ended with ${code}`));
	});
}

export function ended(child: ChildProcess): Promise<void> {
	return new Promise((resolve) => {
		child.removeAllListeners("exit");
		if (child.exitCode !== null || child.signalCode !== null) return resolve();
		// Asked until it hears: Mosquitto forgets a signal that comes after it says that it is running, and before it does.
		const again = setInterval(() => child.kill(), AGAIN_MS);
		child.once("exit", () => {
			clearInterval(again);
			resolve();
		});
		child.kill();
	});
}

export function freePort(): Promise<number> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.listen(0, "127.0.0.1", () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
		});
	});
}
