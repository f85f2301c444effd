/** More than is ever written at once. */
const ROOM = 65_536;

interface Options<T> {
	readonly target?: T;
	readonly onReadable?: (this: SinkSocket<T>, count: number) => void;
	readonly onWritable?: (this: SinkSocket<T>, room: number) => void;
}

let last: SinkSocket<unknown> | undefined;

/** The socket that was made last: who made it keeps it to himself. */
export function lastSocket(): SinkSocket<unknown> {
	if (last === undefined) throw new Error("no socket was made");
	return last;
}

/**
 * A TCP socket in the shape of ECMA-419 that is connected to nobody: it takes everything, keeps nothing, and brings what
 * it is told to. In the builds of the benchmark it stands where the SDK's own is on a device.
 */
export default class SinkSocket<T> {
	readonly target: T | undefined;
	format = "buffer";
	private readonly options: Options<T>;
	private bytes: Uint8Array | undefined;
	private at = 0;

	constructor(options: Options<T>) {
		this.target = options.target;
		this.options = options;
		last = this as SinkSocket<unknown>;
	}

	/** The connection stands. */
	open(): void {
		this.options.onWritable?.call(this, ROOM);
	}

	/** These bytes arrive, all at once. */
	deliver(bytes: Uint8Array): void {
		this.bytes = bytes;
		this.at = 0;
		this.options.onReadable?.call(this, bytes.length);
	}

	write(_bytes: Uint8Array | ArrayBuffer): number {
		return ROOM;
	}

	/** One byte in the number format; else fills a buffer, or makes one of so many bytes. */
	read(into?: Uint8Array | number): number | ArrayBuffer | undefined {
		const bytes = this.bytes as Uint8Array;
		if (this.format === "number") return bytes[this.at++];
		if (typeof into === "number") {
			this.at += into;
			return bytes.slice(this.at - into, this.at).buffer as ArrayBuffer;
		}
		if (into === undefined) return undefined;
		into.set(this.at === 0 && into.length === bytes.length ? bytes : bytes.subarray(this.at, this.at + into.length));
		this.at += into.length;
		return into.length;
	}

	close(): void {}
}
