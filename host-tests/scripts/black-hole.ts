import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import type { StreamOptions } from "../../firmware/ports/network.js";

const ADDRESS = "127.0.0.1";
const WAITING = 4; // more than Linux keeps for a server that asked for room for one

/** Listens, tells its port, and never looks up again until it is ended. */
const SLEEPER = `
const { createServer } = require("node:net");
const { parentPort } = require("node:worker_threads");
const server = createServer();
server.listen({ port: 0, host: "${ADDRESS}", backlog: 1 }, () => {
	parentPort.postMessage(server.address().port);
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/**
 * A place on this computer from which nothing comes back: a server too busy to accept, with as many connections waiting as
 * the kernel keeps. Linux drops those that come after without a word; other systems refuse them, and have no such place.
 */
export class BlackHole {
	readonly #worker = new Worker(SLEEPER, { eval: true });
	readonly #waiting: Socket[] = [];

	/** Where it is; undefined where it cannot be had. */
	async options(): Promise<StreamOptions | undefined> {
		if (process.platform !== "linux") return undefined;
		const port = await new Promise<number>((told, failed) => this.#worker.once("message", told).once("error", failed));
		for (let count = 0; count < WAITING; count++) {
			this.#waiting.push(connect({ host: ADDRESS, port }).on("error", () => undefined));
		}
		await Promise.all(this.#waiting.slice(0, 2).map((socket) => new Promise((done) => socket.once("connect", done))));
		return { address: ADDRESS, port };
	}

	async close(): Promise<void> {
		for (const socket of this.#waiting) socket.destroy();
		await this.#worker.terminate();
	}
}
