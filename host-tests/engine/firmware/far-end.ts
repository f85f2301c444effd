import type { Network, Stream, StreamHandler, TlsOptions } from "../../../firmware/ports/network.js";
import type { Text } from "../../../firmware/ports/text.js";
import type { Listening, Peer } from "../../contracts/stream-contract.js";

/** In front of every message of the control connection: what it is, whom it is about, how many bytes follow. */
const HEAD_BYTES = 7;

/** What the other program says first. */
export interface Hello {
	readonly webSocket: boolean;
	readonly tls: boolean;
	readonly refusing: number;
	readonly blackHole: number | undefined;
}

/** The far end of one connection, held by the other program. */
class RemotePeer implements Peer {
	closed = false;
	private readonly far: FarEnd;
	private readonly id: number;
	private bytes: Uint8Array = new Uint8Array(1_024);
	private count = 0;

	constructor(far: FarEnd, id: number) {
		this.far = far;
		this.id = id;
	}

	get received(): Uint8Array {
		return this.bytes.subarray(0, this.count);
	}

	take(bytes: Uint8Array): void {
		const needed = this.count + bytes.length;
		if (needed > this.bytes.length) {
			const larger = new Uint8Array(2 * needed);
			larger.set(this.received);
			this.bytes = larger;
		}
		this.bytes.set(bytes, this.count);
		this.count = needed;
	}

	send(bytes: Uint8Array, pieceBytes = bytes.length): void {
		const order = new Uint8Array(4 + bytes.length);
		new DataView(order.buffer).setUint32(0, pieceBytes);
		order.set(bytes, 4);
		this.far.order("send", this.id, order);
	}

	pause(): void {
		this.far.order("pause", this.id);
	}

	resume(): void {
		this.far.order("resume", this.id);
	}

	close(): void {
		this.far.order("close", this.id);
	}

	reset(): void {
		this.far.order("break", this.id);
	}

	vanish(): void {
		this.far.order("vanish", this.id);
	}
}

/** The other program, which has the servers and does with them what the contract wants. Asked over a connection of its own. */
export class FarEnd implements StreamHandler {
	hello: Hello | undefined = undefined;
	readonly roots: readonly Uint8Array[];
	private readonly stream: Stream;
	private readonly text: Text;
	private readonly address: string;
	private waiting: Uint8Array[] = [];
	private open = false;
	private pending: Uint8Array = new Uint8Array(0);
	private readonly peers: RemotePeer[] = [];
	/** Servers by port. */
	private readonly servers = new Map<number, Peer[]>();
	private listening: ((port: number) => void) | undefined = undefined;

	constructor(network: Network, text: Text, address: string, port: number, roots: readonly Uint8Array[]) {
		this.text = text;
		this.address = address;
		this.roots = roots;
		this.stream = network.connect({ address, port }, this);
	}

	/** Opens one more server over there. */
	async listen(): Promise<Listening> {
		const port = await new Promise<number>((told) => {
			this.listening = told;
			this.order("listen", 0);
		});
		const peers: Peer[] = [];
		this.servers.set(port, peers);
		return { options: this.options(port), peers };
	}

	options(port: number): { readonly address: string; readonly port: number; readonly tls?: TlsOptions } {
		const { address, roots } = this;
		return this.hello?.tls ? { address, port, tls: { serverName: "localhost", roots } } : { address, port };
	}

	order(what: string, id: number, bytes: Uint8Array = new Uint8Array(0)): void {
		const message = new Uint8Array(HEAD_BYTES + bytes.length);
		const view = new DataView(message.buffer);
		message[0] = what.charCodeAt(0);
		view.setUint16(1, id);
		view.setUint32(3, bytes.length);
		message.set(bytes, HEAD_BYTES);
		this.waiting.push(message);
		this.flush();
	}

	onOpen(): void {
		this.open = true;
		this.flush();
	}

	onWritable(): void {
		this.flush();
	}

	onClose(): void {
		this.open = false;
	}

	onData(bytes: Uint8Array, count: number): void {
		const all = new Uint8Array(this.pending.length + count);
		all.set(this.pending);
		all.set(bytes.subarray(0, count), this.pending.length);
		let at = 0;
		const view = new DataView(all.buffer);
		while (all.length - at >= HEAD_BYTES) {
			const end = at + HEAD_BYTES + view.getUint32(at + 3);
			if (end > all.length) break;
			this.hear(String.fromCharCode(all[at] as number), view.getUint16(at + 1), all.slice(at + HEAD_BYTES, end));
			at = end;
		}
		this.pending = all.slice(at);
	}

	private flush(): void {
		while (this.open && this.waiting[0] !== undefined) {
			if (!this.stream.write(this.waiting[0], this.waiting[0].length)) return;
			this.waiting.shift();
		}
	}

	private hear(what: string, id: number, bytes: Uint8Array): void {
		if (what === "h") this.hello = JSON.parse(this.text.decode(bytes, 0, bytes.length));
		else if (what === "l") this.listening?.(id);
		else if (what === "a")
			this.accept(new RemotePeer(this, id), id, ((bytes[0] as number) << 8) | (bytes[1] as number));
		else if (what === "d") this.peers[id]?.take(bytes);
		else if (what === "c") this.end(id);
	}

	private accept(peer: RemotePeer, id: number, port: number): void {
		this.peers[id] = peer;
		this.servers.get(port)?.push(peer);
	}

	private end(id: number): void {
		const peer = this.peers[id];
		if (peer !== undefined) peer.closed = true;
	}
}
