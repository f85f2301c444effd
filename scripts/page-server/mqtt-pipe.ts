import type { Duplex } from "node:stream";
import { createWebSocketStream, type WebSocket } from "ws";
import { sameSecret } from "../broker/access.js";
import { openSocket, type Target } from "../start/target.js";
import { packetEnd, readConnect } from "./connect-packet.js";

const CONNECT_BYTES_MAX = 4_096;
const CONNECT_MS = 10_000;
export const PAGE_USER = "page";

/**
 * Joins a browser to the broker. A browser can neither be told to trust our root nor be given the owner's password, so
 * it speaks MQTT over a WebSocket to this process, which opens the TLS connection, checks the broker's certificate, puts
 * the owner's credentials in place of the page's token in CONNECT, and passes everything else on as it is. It is the
 * same for our own broker and for anybody else's. Other clients on this computer may use it with credentials of the
 * broker, which are passed on unchanged.
 */
export function pipeToBroker(webSocket: WebSocket, target: Target, token: string): void {
	const browser = createWebSocketStream(webSocket);
	browser.on("error", () => browser.destroy());
	const deadline = setTimeout(() => browser.destroy(), CONNECT_MS);
	browser.once("close", () => clearTimeout(deadline));
	let head = Buffer.alloc(0);
	const collect = (bytes: Buffer): void => {
		head = Buffer.concat([head, bytes]);
		const end = packetEnd(head);
		if (end === "broken" || head.length > CONNECT_BYTES_MAX) return void browser.destroy();
		if (end === undefined || end > head.length) return;
		clearTimeout(deadline);
		browser.off("data", collect);
		browser.pause();
		const connect = rewrite(head.subarray(0, end), target, token);
		if (connect === undefined) return void browser.destroy();
		join(browser, target, [connect, head.subarray(end)]);
	};
	browser.on("data", collect);
}

function join(browser: Duplex, target: Target, first: readonly Buffer[]): void {
	const broker = openSocket(target);
	broker.on("error", () => browser.destroy()); // the browser's client tries again; the device's link tells why
	broker.once("close", () => browser.destroy());
	browser.once("close", () => broker.destroy());
	for (const bytes of first) broker.write(bytes);
	browser.pipe(broker);
	broker.pipe(browser);
}

/** The CONNECT to pass on; undefined when it has our user name and the wrong token. */
function rewrite(bytes: Buffer, target: Target, token: string): Buffer | undefined {
	const connect = readConnect(bytes);
	if (connect?.username !== PAGE_USER) return bytes; // the broker judges
	return sameSecret(connect.password ?? "", token) ? connect.with(target) : undefined;
}
