import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcp } from "node:net";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import { oneDevice, Scratch } from "../scripts/rig.js";
import { Changes } from "../scripts/witness.js";

describe("a device whose WebSocket leads to a web server that has none, says", () => {
	const scratch = new Scratch();
	const changes = new Changes();
	let server: Server | undefined;
	let device: SimulatedDevice | undefined;

	afterEach(async () => {
		await device?.stop();
		server?.closeAllConnections?.();
		server?.close();
	});
	afterAll(() => scratch.remove());

	/** What the device says of a server that answers like this. */
	async function told(answer: RequestListener | Server): Promise<string> {
		const web = typeof answer === "function" ? createServer(answer) : answer;
		server = web;
		await new Promise<void>((done) => web.listen(0, "127.0.0.1", done));
		const { port } = web.address() as AddressInfo;
		const target = { host: "localhost", port, roots: undefined, webSocketPath: "/mqtt?key=s3cret" };
		const one = oneDevice(
			scratch,
			{ ...target, username: undefined, password: undefined },
			{ own: false, onChange: changes.happened },
		);
		device = one;
		one.start();
		await changes.until(() => one.link.state === "waiting", "an end of the attempt");
		return one.link.lastError ?? "";
	}

	const status =
		(code: number, headers = {}): RequestListener =>
		(_request, response) =>
			response.writeHead(code, headers).end(`<html>${"x".repeat(20_000)}</html>`);

	test.each([
		[200, "there is an ordinary web page at the path /mqtt (200)"],
		[401, "the server wants to know who asks before it opens the WebSocket (401)"],
		[403, "the server does not let this device in (403)"],
		[404, "there is nothing at the path /mqtt, most brokers use /mqtt (404)"],
		[426, "the server does not take this as the beginning of a WebSocket (426)"],
		[502, "the server, or something in front of it, is out of order (502)"],
	])("for %i what it means", async (code, words) => {
		expect(await told(status(code))).toContain(`WebSocket refused: ${words}`);
	});

	test("where a redirect leads", async () => {
		const words = await told(status(302, { location: "https://else.example/mqtt" }));
		expect(words).toContain(
			"the server sends us elsewhere, write that address into the settings (302): https://else.example/mqtt",
		);
	});

	test("that it is no web server at all", async () => {
		const chat = createTcp((socket) => socket.on("error", () => undefined).end("220 mail.example ESMTP\r\n"));
		expect(await told(chat as Server)).toContain("the other side does not speak HTTP at this port");
	});
});
