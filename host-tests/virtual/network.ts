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
import { type AccessPoint, pointAt, type Sought, troubleOf } from "./access-point.js";
import type { Calls } from "./calls.js";
import { isAddress, type VirtualInternet } from "./internet.js";
import { failUnanswered, type Line, VirtualStream } from "./stream.js";
import { VirtualUdp } from "./udp.js";
import type { Event, World } from "./world.js";

/** A board's way to the virtual internet, with everything that can be wrong with it. Milliseconds throughout. */
export class VirtualNetwork implements Network, Line {
	latencyMs = 10;
	bytesPerSecond = Number.POSITIVE_INFINITY;
	segmentBytes = 1_436; // LWIP_TCP_MSS of the SDK's ESP32 projects
	sendBufferBytes = 8_192; // LWIP_TCP_SND_BUF_DEFAULT of the same
	timeoutMs = 75_000; // lwIP's retries of an unanswered SYN, about
	joinMs = 200;
	addressMs = 100;
	/** Share of datagrams that get lost, each way. */
	datagramLoss = 0;
	signalDbm: number | undefined = -60;
	trustEndsMs: number | undefined;
	/** What there is to choose from; none: the one network that is there. */
	accessPoints: AccessPoint[] = [];
	/** The network that is joined, or being joined. */
	choice = 0;
	state: NetworkState = "off";
	reason: string | undefined = "not started yet";
	/** Connections of this board that are not over, oldest first. */
	streams: VirtualStream[] = [];
	private readonly internet: VirtualInternet;
	private readonly world: World;
	private readonly calls: Calls;
	private readonly udps = new Set<VirtualUdp>();
	private only: Sought | undefined;
	private cutWhy: string | undefined;
	private silent = false;
	private handler: NetworkHandler | undefined;
	private step: Event | undefined;
	private giveUp: Event | undefined;

	constructor(internet: VirtualInternet, calls: Calls) {
		this.internet = internet;
		this.world = internet.world;
		this.calls = calls;
	}

	/** Whether bytes get through at this moment. */
	get isOpen(): boolean {
		return this.state === "up" && !this.silent;
	}

	get isCut(): boolean {
		return this.cutWhy !== undefined || this.silent;
	}

	start(handler: NetworkHandler): void {
		if (this.handler !== undefined) throw new Error("the network was started already");
		this.handler = handler;
		this.step = this.world.after(0, () => this.join(0));
	}

	get choices(): readonly string[] {
		return this.only === undefined ? this.accessPoints.map(({ name }) => name) : [this.only.ssid];
	}

	joinOnly(ssid: string, password: string | undefined): void {
		this.only = { ssid, password };
	}

	look(choice: number, handler: LookHandler): void {
		const inReach = pointAt(this.accessPoints, choice, this.only)?.inReach ?? false;
		this.world.after(this.joinMs, () => this.calls.call("look", handler, handler.onLooked, choice, inReach));
	}

	join(choice: number): void {
		this.step?.cancel();
		this.choice = choice;
		this.become("joining", "joining");
		this.step = this.world.after(this.joinMs, () => this.associated());
	}

	/** The access point is gone: the board notices, its connections do not. */
	cut(reason = "the access point is gone"): void {
		this.cutWhy = reason;
		this.step?.cancel();
		if (this.handler !== undefined) this.become("off", reason);
		this.loseConnections();
	}

	/** The network threw this board out; it may be joined again. */
	lose(reason: string): void {
		this.step?.cancel();
		this.become("off", reason);
		this.loseConnections();
	}

	/** Nothing gets through any more, and nobody notices: the line behind the access point is gone. */
	cutSilently(): void {
		this.silent = true;
		this.loseConnections();
	}

	/** Ends both kinds of cut. What was on its way when it began arrives now, as TCP has it. */
	restore(): void {
		this.silent = false;
		this.giveUp?.cancel();
		if (this.cutWhy !== undefined) {
			this.cutWhy = undefined;
			if (this.handler !== undefined) this.join(this.choice);
		}
		this.wake();
	}

	resolve(host: string, handler: ResolveHandler): void {
		const { generation } = this.calls;
		const delayMs = this.silent ? this.timeoutMs / 5 : 2 * this.latencyMs; // lwIP asks four times within 15 s
		this.world.after(delayMs, () => {
			if (this.calls.generation !== generation) return;
			const found = isAddress(host) ? host : this.internet.names.get(host);
			this.calls.call("name", handler, handler.onResolved, host, this.isOpen ? found : undefined);
		});
	}

	connect(options: StreamOptions, handler: StreamHandler): Stream {
		if (!isAddress(options.address)) throw new Error(`"${options.address}" is no IPv4 address`);
		this.streams = this.streams.filter(({ isOver }) => !isOver);
		const stream = new VirtualStream(this.internet, this, this.calls, options, handler);
		this.streams.push(stream);
		if (this.state !== "up") this.world.after(0, () => stream.fail("there is no network"));
		return stream;
	}

	udp(handler: UdpHandler): Udp {
		const udp = new VirtualUdp(this, this.internet, (bytes, address, port) => {
			if (!this.udps.has(udp)) return;
			this.calls.run("datagram", () => handler.onDatagram(bytes, bytes.length, address, port));
		});
		this.udps.add(udp);
		udp.onClose = () => this.udps.delete(udp);
		return udp;
	}

	/** Whether one datagram gets lost. */
	loses(): boolean {
		return !this.isOpen || (this.datagramLoss > 0 && this.world.random() < this.datagramLoss);
	}

	/** The board starts again: its connections vanish without a word to the other side. */
	reset(): void {
		for (const stream of this.streams) stream.drop();
		this.streams = [];
		this.udps.clear();
		this.step?.cancel();
		this.giveUp?.cancel();
		this.handler = undefined;
		this.only = undefined;
		this.become("off", "not started yet");
	}

	private associated(): void {
		const point = pointAt(this.accessPoints, this.choice, this.only);
		const trouble = this.cutWhy ?? troubleOf(point);
		if (trouble !== undefined) {
			this.become("off", trouble);
			return;
		}
		this.become("addressing", "waiting for an address");
		if (point?.addressless) return;
		this.step = this.world.after(this.addressMs, () => {
			this.wake(); // before the firmware is told, which may connect and so forget closed connections
			this.become("up", undefined);
		});
	}

	private become(state: NetworkState, why: string | undefined): void {
		this.state = state;
		this.reason = why;
		if (this.handler !== undefined) this.calls.call("network", this.handler, this.handler.onNetwork);
	}

	private loseConnections(): void {
		this.giveUp?.cancel();
		this.giveUp = this.world.after(this.timeoutMs, () => failUnanswered(this.streams));
	}

	private wake(): void {
		for (const stream of this.streams) stream.wake();
	}
}
