import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { ServerIdentity } from "../pki/authority.js";

/** An image that devices can fetch. */
export interface ImageServer {
	readonly port: number;
	close(): Promise<void>;
}

export interface Serving {
	readonly identity: ServerIdentity;
	/** The address of this computer to listen at. */
	readonly listen: string;
	/** 0 for any that is free. */
	readonly port: number;
	/** With its slash; nothing else is there. */
	readonly path: string;
	readonly image: Uint8Array;
}

/** Serves one image over HTTPS, whole or in ranges (RFC 9110 §14). */
export async function serveImage({ identity, listen, port, path, image }: Serving): Promise<ImageServer> {
	const { key, chain: cert } = identity;
	const server = createServer({ key, cert, minVersion: "TLSv1.2" }, (request, response) => {
		if (request.url === path && request.method === "GET") answer(request, response, image);
		else response.writeHead(404).end();
	});
	await new Promise<void>((listening, failed) => {
		server.once("error", failed);
		server.listen(port, listen, listening);
	});
	return {
		port: (server.address() as AddressInfo).port,
		close: () =>
			new Promise((closed) => {
				server.close(() => closed());
				server.closeAllConnections();
			}),
	};
}

function answer({ headers }: IncomingMessage, response: ServerResponse, image: Uint8Array): void {
	const type = { "Content-Type": "application/octet-stream", "Accept-Ranges": "bytes" };
	if (headers.range === undefined) {
		response.writeHead(200, { ...type, "Content-Length": image.length }).end(image);
		return;
	}
	const [, first = "", last = ""] = /^bytes=(\d+)-(\d+)$/.exec(headers.range) ?? [];
	const from = Number(first);
	const to = Math.min(Number(last), image.length - 1);
	if (first === "" || from > to) {
		response.writeHead(416, { "Content-Range": `bytes */${image.length}` }).end();
		return;
	}
	const part = image.subarray(from, to + 1);
	const range = { "Content-Range": `bytes ${from}-${to}/${image.length}`, "Content-Length": part.length };
	response.writeHead(206, { ...type, ...range }).end(part);
}
