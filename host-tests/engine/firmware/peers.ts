import Timer from "timer";
import { DesktopNetwork } from "../../../firmware/board/desktop-network.js";
import { attach } from "../../../firmware/board/entry.js";
import { loadSettings } from "../../../firmware/board/settings.js";
import { nativeText } from "../../../firmware/board/text.js";
import type { Stream, StreamHandler, TlsOptions } from "../../../firmware/ports/network.js";
import { RecordingEntry } from "../../contracts/entry.js";
import { type Visit, Visitor } from "../../contracts/visitor.js";

// Not a device but a test of the board, run in the device's place: it visits one peer after the other with the board's own
// TLS. The program that started this one has the peers, says which is next, and is told what came of it.

const ADDRESS = "127.0.0.1";
const NEWLINE = 10;

/** Where to go next; byte strings as hexadecimal text. */
interface Order {
	readonly port: number;
	readonly wanted: number | null;
	readonly patienceMs: number;
	readonly serverName: string;
	readonly roots: readonly string[];
	readonly pins?: readonly string[];
	readonly protocol?: string;
	readonly identity?: { readonly certificates: readonly string[]; readonly key: string };
}

function bytesOf(hex: string): Uint8Array {
	const bytes = new Uint8Array(hex.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

function tlsOf({ serverName, roots, pins, protocol, identity }: Order): TlsOptions {
	const own = identity && { certificates: identity.certificates.map(bytesOf), key: bytesOf(identity.key) };
	return { serverName, roots: roots.map(bytesOf), pins: pins?.map(bytesOf), protocol, identity: own };
}

/** As with a device, the lists are the same from one connection to the next unless something is set anew. */
const known = new Map<string, TlsOptions>();

const network = new DesktopNetwork();
const entry = new RecordingEntry();

/** The connection to the other program: orders come as lines, answers go as lines. */
class Guide implements StreamHandler {
	private readonly stream: Stream;
	private line: number[] = [];

	constructor(port: number) {
		this.stream = network.connect({ address: ADDRESS, port }, this);
	}

	onOpen(): void {
		this.tell("ready");
	}

	onWritable(): void {}

	onClose(): void {}

	onData(bytes: Uint8Array, count: number): void {
		for (let i = 0; i < count; i++) {
			const byte = bytes[i] as number;
			if (byte !== NEWLINE) this.line.push(byte);
			else this.obey();
		}
	}

	private obey(): void {
		const line = Uint8Array.from(this.line);
		this.line = [];
		const order = JSON.parse(nativeText.decode(line, 0, line.length)) as Order;
		const conditions = JSON.stringify({ ...order, port: 0, wanted: 0, patienceMs: 0 });
		const tls = known.get(conditions) ?? tlsOf(order);
		known.set(conditions, tls);
		const visitor = new Visitor(order.wanted ?? Number.POSITIVE_INFINITY, (visit) => {
			Timer.clear(timer);
			this.report(visit);
		});
		const timer = Timer.set(() => visitor.giveUp(), order.patienceMs);
		visitor.visit(network, { address: ADDRESS, port: order.port, tls });
	}

	private report(visit: Visit): void {
		this.tell(JSON.stringify({ ...visit, panics: entry.reasons }));
	}

	private tell(text: string): void {
		const bytes = nativeText.encode(`${text}\n`);
		this.stream.write(bytes, bytes.length);
	}
}

attach(entry);
new Guide(loadSettings().broker.port);
