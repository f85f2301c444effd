import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { listening } from "../listening.js";
import type { SimulatedDevice } from "../start/simulated-device.js";
import type { Target } from "../start/target.js";
import { BenchChannel } from "./bench-channel.js";
import { refuse, serveFile } from "./files.js";
import { pipeToBroker } from "./mqtt-pipe.js";
import { isOurs } from "./origin.js";
import { OwnerChannel } from "./owner-channel.js";

const MESSAGE_BYTES_MAX = 65_536;
const ROOT = "farpin"; // the first level of every topic that the page knows
const LOOPBACK = "127.0.0.1"; // the page holds the token that opens everything: never for others to see

export interface PageOptions {
	/** 0 for any free port. */
	readonly port: number;
	readonly target: Target;
	readonly devices: readonly SimulatedDevice[];
	/** New for every run; the page carries it, and all its WebSockets must show it. */
	readonly token: string;
	/** Where the owner's keys are. */
	readonly keyFolder: string;
}

export interface Page {
	readonly address: string;
	/** Something on the bench or in a device changed. */
	changed(): void;
	close(): Promise<void>;
}

/** Serves the page: its files, MQTT at `/mqtt`, the virtual hardware at `/bench`, and what takes the owner's keys at `/owner`. */
export async function startPage({ port, target, devices, token, keyFolder }: PageOptions): Promise<Page> {
	const sockets = new WebSocketServer({
		noServer: true,
		maxPayload: MESSAGE_BYTES_MAX,
		handleProtocols: (offered) => (offered.has("mqtt") ? "mqtt" : false),
	});
	const bench = new BenchChannel(devices, token);
	const owner = new OwnerChannel(keyFolder, token, ROOT);
	const server = createServer((request, response) => {
		if (!isOurs(request, portOf(server))) return refuse(response, 403, "This page is for this computer only.");
		serveFile(request, response, token).catch(() => refuse(response, 500, "A file of the page cannot be read."));
	});
	server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		socket.on("error", () => socket.destroy());
		if (!isOurs(request, portOf(server))) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
		sockets.handleUpgrade(request, socket, head, (webSocket) => {
			if (request.url === "/mqtt") pipeToBroker(webSocket, target, token);
			else if (request.url === "/bench") bench.join(webSocket);
			else if (request.url === "/owner") owner.join(webSocket);
			else webSocket.close();
		});
	});
	await listening(server, port, LOOPBACK, "--page-port");
	return {
		address: `http://localhost:${portOf(server)}/`,
		changed: () => bench.changed(),
		close: () => closeAll(server, sockets, bench),
	};
}

function portOf(server: Server): number {
	return (server.address() as AddressInfo | null)?.port ?? 0;
}

async function closeAll(server: Server, sockets: WebSocketServer, bench: BenchChannel): Promise<void> {
	bench.close();
	for (const webSocket of sockets.clients) webSocket.terminate();
	server.closeAllConnections();
	await new Promise<void>((resolve) => server.close(() => resolve()));
}
