import { lookup } from "node:dns";
import type {
	LookHandler,
	Network,
	NetworkHandler,
	NetworkState,
	ResolveHandler,
	Stream,
	StreamHandler,
	StreamOptions,
	Udp,
	UdpHandler,
} from "../../firmware/ports/network.js";
import { SessionCache } from "../../firmware/security/session-cache.js";
import type { PcCalls } from "./calls.js";
import { PcStream, type PcSurroundings } from "./stream.js";
import { PcUdp } from "./udp.js";

const NO_CHOICE: readonly string[] = [];
const CUT = "the network is switched off";

/** The computer's network, with a switch of its own that plays the pulled cable. */
export class PcNetwork implements Network {
	readonly signalDbm = undefined;
	readonly #calls: PcCalls;
	readonly #streams = new Set<PcStream>();
	readonly #around: PcSurroundings;
	#state: NetworkState = "off";
	#isCut = false;
	#handler: NetworkHandler | undefined;

	constructor(calls: PcCalls) {
		this.#calls = calls;
		this.#around = { calls, sessions: new SessionCache(), onGone: (gone) => this.#streams.delete(gone) };
	}

	get state(): NetworkState {
		return this.#state;
	}

	get reason(): string | undefined {
		if (this.#isCut) return CUT;
		return this.#state === "up" ? undefined : "not started yet";
	}

	get isCut(): boolean {
		return this.#isCut;
	}

	start(handler: NetworkHandler): void {
		this.#handler = handler;
		setImmediate(() => this.#become(this.#isCut ? "off" : "up"));
	}

	get choices(): readonly string[] {
		return NO_CHOICE;
	}

	join(): void {
		setImmediate(() => this.#become(this.#isCut ? "off" : "up"));
	}

	/** There is nothing to look for. */
	look(choice: number, handler: LookHandler): void {
		setImmediate(() => this.#calls.call("look", handler, handler.onLooked, choice, false));
	}

	/** Pulls the cable: every connection fails, and so does every new one. */
	cut(): void {
		if (this.#isCut) return;
		this.#isCut = true;
		for (const stream of this.#streams) stream.fail(new Error(CUT));
		this.#become("off");
	}

	/** Puts the cable back. */
	restore(): void {
		if (!this.#isCut) return;
		this.#isCut = false;
		this.#become("up");
	}

	resolve(host: string, handler: ResolveHandler): void {
		const answer = (address: string | undefined): void => {
			const found = this.#isCut ? undefined : address;
			this.#calls.call("resolve", handler, handler.onResolved, host, found);
		};
		if (this.#isCut) setImmediate(answer, undefined);
		else lookup(host, { family: 4 }, (error, address) => answer(error === null ? address : undefined));
	}

	connect(options: StreamOptions, handler: StreamHandler): Stream {
		const stream = new PcStream(options, handler, this.#around);
		this.#streams.add(stream);
		if (this.#isCut) stream.fail(new Error(CUT));
		return stream;
	}

	udp(handler: UdpHandler): Udp {
		return new PcUdp(handler, this.#calls, () => !this.#isCut);
	}

	/** Ends every connection without a word to the firmware: the board is switched off. */
	async stop(): Promise<void> {
		this.#handler = undefined;
		for (const stream of this.#streams) stream.close();
		await Promise.all([...this.#streams].map((stream) => stream.gone));
	}

	#become(state: NetworkState): void {
		if (this.#handler === undefined || this.#state === state) return;
		this.#state = state;
		this.#calls.call("network", this.#handler, this.#handler.onNetwork);
	}
}
