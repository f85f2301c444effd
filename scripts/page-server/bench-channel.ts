import type { WebSocket } from "ws";
import { sameSecret } from "../broker/access.js";
import type { SimulatedDevice } from "../start/simulated-device.js";

const GATHER_MS = 50; // changes within this time go out together

/** What the page may say. */
interface Wish {
	readonly token?: unknown;
	readonly device?: unknown;
	readonly part?: unknown;
	readonly turn?: unknown;
	readonly value?: unknown;
	readonly network?: unknown;
}

/** Shows the virtual hardware to the page and lets it turn the knobs: small JSON messages over a WebSocket. */
export class BenchChannel {
	readonly #devices: ReadonlyMap<string, SimulatedDevice>;
	readonly #token: string;
	/** Each page with the number of log lines it has seen, by device. */
	readonly #pages = new Map<WebSocket, Map<string, number>>();
	#timer: NodeJS.Timeout | undefined;

	constructor(devices: readonly SimulatedDevice[], token: string) {
		this.#devices = new Map(devices.map((device) => [device.id, device]));
		this.#token = token;
	}

	/** One page came. Its first message must show the token. */
	join(page: WebSocket): void {
		page.on("error", () => page.terminate());
		page.on("close", () => this.#pages.delete(page));
		page.on("message", (data) => this.#hear(page, String(data)));
	}

	/** Something changed: every page is told soon. */
	changed(): void {
		if (this.#pages.size === 0) return;
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			for (const page of this.#pages.keys()) this.#tell(page);
		}, GATHER_MS);
	}

	close(): void {
		clearTimeout(this.#timer);
	}

	#hear(page: WebSocket, text: string): void {
		let wish: Wish;
		try {
			wish = JSON.parse(text) as Wish;
			if (typeof wish !== "object" || wish === null) throw new Error("no object");
			if (this.#pages.has(page)) this.#fulfil(wish);
			else this.#admit(page, wish);
		} catch {
			page.close(1008, "not understood");
		}
	}

	#admit(page: WebSocket, { token }: Wish): void {
		if (typeof token !== "string" || !sameSecret(token, this.#token)) throw new Error("wrong token");
		this.#pages.set(page, new Map());
		this.#tell(page);
	}

	#fulfil({ device, part, turn, value, network }: Wish): void {
		const found = this.#devices.get(String(device));
		if (found === undefined) throw new Error("no such device");
		if (network === "cut" || network === "restore") found.setNetwork(network === "restore");
		else if (typeof part === "string" && typeof turn === "string") found.turn(part, turn, Number(value));
		else throw new Error("not understood");
		this.changed();
	}

	#tell(page: WebSocket): void {
		const seen = this.#pages.get(page);
		if (seen === undefined) return;
		const devices = [...this.#devices.values()].map((device) => {
			const { lines, count } = device.logSince(seen.get(device.id) ?? 0);
			seen.set(device.id, count);
			const { id, link, isNetworkUp: network, outbox } = device;
			return { id, link, network, outbox, parts: device.parts(), lines };
		});
		page.send(JSON.stringify(devices));
	}
}
