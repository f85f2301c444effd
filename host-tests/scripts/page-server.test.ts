import { request } from "node:http";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Page, startPage } from "../../scripts/page-server/server.js";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import { OWNER_PASSWORD, type OwnBroker, oneDevice, ownBroker, Scratch } from "./rig.js";

const TOKEN = "the-token-of-this-run";
const scratch = new Scratch();
let own: OwnBroker;
let device: SimulatedDevice;
let page: Page;
let port: number;

beforeAll(async () => {
	own = await ownBroker(scratch);
	device = oneDevice(scratch, own.target, { onChange: () => page?.changed() });
	page = await startPage({
		port: 0,
		target: own.target,
		devices: [device],
		token: TOKEN,
		keyFolder: scratch.path("keys"),
	});
	port = Number(new URL(page.address).port);
});
afterAll(async () => {
	await device.stop();
	await page.close();
	await own.broker.close();
	scratch.remove();
});

interface Answer {
	readonly status: number;
	readonly headers: Record<string, string | string[] | undefined>;
	readonly body: string;
}

function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const asked = request({
			host: "127.0.0.1",
			port,
			path,
			method,
			headers: { Host: `localhost:${port}`, ...headers },
		});
		asked.once("error", reject);
		asked.once("response", (response) => {
			let body = "";
			response.on("data", (bytes: Buffer) => {
				body += bytes.toString();
			});
			response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
		});
		asked.end();
	});
}

/** How a WebSocket ends up: the first message, or how it was refused. */
function knock(path: string, headers: Record<string, string>, first?: string): Promise<string> {
	return new Promise((resolve) => {
		const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
		socket.once("open", () => first !== undefined && socket.send(first));
		socket.once("message", (data) => {
			resolve(`message ${String(data)}`);
			socket.terminate();
		});
		socket.once("close", (code) => resolve(`closed ${code}`));
		socket.once("error", (error) => resolve(error.message));
	});
}

test("serves the page with its token under a strict policy", async () => {
	const { status, headers, body } = await get("/");
	expect(status).toBe(200);
	expect(body).toContain(`content="${TOKEN}"`);
	expect(body).not.toContain("{{");
	const policy = String(headers["content-security-policy"]);
	expect(policy).toContain("default-src 'none'");
	expect(policy).not.toMatch(/unsafe|https?:|\*/);
	expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
	for (const path of ["/main.js", "/style.css", "/lib/mqtt.js", "/lib/uplot.js", "/icon.svg"]) {
		expect([path, (await get(path)).status]).toEqual([path, 200]);
	}
});

test("serves every module of the MessagePack library that another of its modules asks for", async () => {
	const seen = new Set<string>();
	const next = ["/lib/msgpack/index.mjs"];
	for (let path = next.pop(); path !== undefined; path = next.pop()) {
		if (seen.has(path)) continue;
		seen.add(path);
		const { status, headers, body } = await get(path);
		expect([path, status, headers["content-type"]]).toEqual([path, 200, "text/javascript; charset=utf-8"]);
		for (const [, asked] of body.matchAll(/from "(\.[^"]+)"/g))
			next.push(new URL(asked ?? "", `http://x${path}`).pathname);
	}
	expect(seen.size).toBeGreaterThan(10);
});

test("serves nothing else", async () => {
	for (const path of [
		"/package.json",
		"/../../package.json",
		"/%2e%2e/package.json",
		"/.farpin/owner.password",
		"//",
	]) {
		expect([path, (await get(path)).status]).toEqual([path, 404]);
	}
	expect((await get("/", {}, "POST")).status).toBe(405);
});

test("answers to its own name only, so that no other site reads the token", async () => {
	for (const host of [
		"evil.example",
		`evil.example:${port}`,
		"localhost",
		`localhost:${port + 1}`,
		`localhost.:${port}`,
	]) {
		const { status, body } = await get("/", { Host: host });
		expect([host, status]).toEqual([host, 403]);
		expect(body).not.toContain(TOKEN);
	}
	expect((await get("/", { Origin: "http://evil.example" })).status).toBe(403);
});

test.each(["/mqtt", "/bench", "/owner"])("opens no WebSocket at %s to another site", async (path) => {
	const ours = { Host: `localhost:${port}` };
	expect(await knock(path, { ...ours, Origin: "http://evil.example" })).toContain("403");
	expect(await knock(path, { ...ours, Origin: "null" })).toContain("403");
	expect(await knock(path, { Host: `evil.example:${port}`, Origin: `http://evil.example:${port}` })).toContain("403");
});

test("shows the bench to those with the token, and does what is asked within its limits", async () => {
	const ours = { Host: `localhost:${port}`, Origin: `http://localhost:${port}` };
	expect(await knock("/bench", ours, JSON.stringify({ token: "guessed" }))).toBe("closed 1008");
	expect(await knock("/bench", ours, JSON.stringify({ device: "bench", network: "cut" }))).toBe("closed 1008");
	expect(await knock("/bench", ours, "no JSON")).toBe("closed 1008");
	expect(device.isNetworkUp).toBe(true);
	const shown = await knock("/bench", ours, JSON.stringify({ token: TOKEN }));
	expect(JSON.parse(shown.slice("message ".length))).toMatchObject([{ id: "bench", network: true }]);
});

test("passes MQTT on to the broker with the token, or with the broker's own credentials", async () => {
	const url = `ws://localhost:${port}/mqtt`;
	const once = { reconnectPeriod: 0, connectTimeout: 5_000, protocolVersion: 4 as const };
	const page = await connectAsync(url, { ...once, username: "page", password: TOKEN }, false);
	const other = await connectAsync(url, { ...once, username: "owner", password: OWNER_PASSWORD }, false);
	await page.subscribeAsync("farpin/#");
	const heard = new Promise((resolve) => page.once("message", (topic, text) => resolve(`${topic} ${String(text)}`)));
	await other.publishAsync("farpin/x/y", "z".repeat(20_000), { qos: 1 });
	expect(await heard).toBe(`farpin/x/y ${"z".repeat(20_000)}`);
	await Promise.all([page.endAsync(), other.endAsync()]);
	await expect(connectAsync(url, { ...once, username: "page", password: "guessed" }, false)).rejects.toThrow();
	await expect(connectAsync(url, { ...once, username: "owner", password: "guessed" }, false)).rejects.toThrow();
	await expect(connectAsync(url, once, false)).rejects.toThrow();
});
