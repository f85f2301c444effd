import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { pcText } from "../../scripts/board/text.js";
import { type Page, startPage } from "../../scripts/page-server/server.js";
import { makeKey, readOwnerKey } from "../../scripts/trust/key-files.js";
import { Scratch } from "./rig.js";

const TOKEN = "the-token-of-this-run";
const scratch = new Scratch();
const keyFolder = scratch.path("keys");
let page: Page;

beforeAll(async () => {
	const target = { host: "localhost", port: 1, roots: undefined, username: undefined, password: undefined };
	page = await startPage({ port: 0, target, devices: [], token: TOKEN, keyFolder });
});
afterAll(async () => {
	await page.close();
	scratch.remove();
});

/** What is answered to these messages, or with which code the channel closes. */
function say(...messages: object[]): Promise<unknown[]> {
	return new Promise((resolve) => {
		const { host, origin } = new URL(page.address);
		const socket = new WebSocket(`ws://${host}/owner`, { headers: { Origin: origin } });
		const answers: unknown[] = [];
		const end = (last: unknown[] = []): void => {
			socket.removeAllListeners("close");
			socket.close();
			resolve([...answers, ...last]);
		};
		socket.once("close", (code) => end([code]));
		socket.once("open", () => {
			for (const message of messages) socket.send(JSON.stringify(message));
		});
		socket.on("message", (data) => {
			answers.push(JSON.parse(String(data)));
			if (answers.length === messages.length) end();
		});
	});
}

const ready = { ready: true };
const hello = { token: TOKEN };

test("does nothing for whoever does not know the token", async () => {
	expect(await say({ token: "guessed" })).toEqual([1008]);
	expect(await say({ ask: 1, device: "bench", entity: "pump", value: "ON" })).toEqual([1008]);
	expect(await say(hello, { device: "bench" })).toEqual([ready, 1008]);
});

test("says that there is no key", async () => {
	const why = expect.stringMatching(/^no key to sign with is on this computer \(`npx farpin key`/);
	expect(await say(hello, { ask: 1, can: "sign" }, { ask: 2, device: "a", entity: "b", value: "ON" })).toEqual([
		ready,
		{ answer: 1, why },
		{ answer: 2, why },
	]);
});

test("signs the setting of an entity, as the device takes it, and nothing else", async () => {
	makeKey(keyFolder, "owner", "ES256");
	makeKey(keyFolder, "mac", "HS256");
	expect(await say(hello, { ask: 1, can: "sign" })).toEqual([ready, { answer: 1, can: true }]);
	const store = { get: () => undefined, set: () => undefined, delete: () => undefined };
	const clock = { monotonicMs: () => 0, wallMs: () => Date.now(), setWallMs: () => undefined };
	const board = { clock, crypto: nodeCrypto, store, text: pcText };
	const needs = { board, id: "bench", keys: [readOwnerKey("owner", keyFolder).line], settings: undefined };
	const [, signed, wrong, more] = (await say(
		hello,
		{ ask: 1, device: "bench", entity: "lamp", value: "40" },
		{ ask: 2, device: "bench", entity: "lamp/../x", value: "40" },
		{ ask: 3, device: "bench", entity: "do", value: "restart", do: "restart", keys: { remove: "owner" } },
	)) as { message?: string; why?: string }[];
	const commandOf = (message = "") => signedCommands().open(pcText.encode(message), needs as never).members;
	expect([...commandOf(signed?.message)]).toEqual([["set", new Map([["lamp", 40]])]]);
	expect(() =>
		signedCommands().open(pcText.encode(signed?.message ?? ""), { ...needs, id: "cellar" } as never),
	).toThrow();
	expect(wrong?.why).toBe("this is no name of a device or an entity");
	expect([...commandOf(more?.message)]).toEqual([["set", new Map([["do", "restart"]])]]);
});

test("opens nothing that is not of a device's topic", async () => {
	const [, answer] = await say(hello, { ask: 1, topic: "other/a/event", message: "eyJ.eyJ.x" });
	expect(answer).toEqual({ answer: 1, why: "this is no topic of a device" });
});
