import type { Network, Stream, StreamHandler } from "../../firmware/ports/network.js";

/** A stream with a mistake in it: what is put around the board's own, and around whoever listens to it. */
export interface Mutant {
	readonly mistake: string;
	/** Checks that must find it. */
	readonly found: readonly string[];
	readonly stream?: (stream: Stream, handler: StreamHandler) => Partial<Stream>;
	readonly handler?: (handler: StreamHandler) => Partial<StreamHandler>;
}

/** Makes every new stream of `network` a mutant. */
export function mutate(network: Network, { stream: ofStream, handler: ofHandler }: Mutant): void {
	const connect = network.connect.bind(network);
	network.connect = (options, handler) => {
		const heard = ofHandler === undefined ? handler : around(handler, ofHandler(handler));
		const stream = connect(options, heard);
		return ofStream === undefined ? stream : around(stream, ofStream(stream, handler));
	};
}

/** The methods of `inner`, with some of them replaced. */
function around<T extends Stream | StreamHandler>(inner: T, changes: Partial<T>): T {
	return new Proxy(inner, {
		get(target, name) {
			const own = (changes as Record<string | symbol, unknown>)[name];
			const method = own ?? Reflect.get(target, name);
			return typeof method === "function" && own === undefined ? method.bind(target) : method;
		},
	});
}

const nothing = (): void => undefined;

/** One for everything that the contract asks for. */
export const MUTANTS: readonly Mutant[] = [
	{
		mistake: "tells twice that it is open",
		found: ["opens, and carries bytes both ways"],
		handler: (handler) => ({
			onOpen() {
				handler.onOpen();
				handler.onOpen();
			},
		}),
	},
	{
		mistake: "never tells of room again",
		found: ["holds back when there is no room, and loses nothing"],
		handler: () => ({ onWritable: nothing }),
	},
	{
		mistake: "sends the whole buffer",
		found: ["copies what it is given, and sends no more than `count`"],
		stream: (stream) => ({ write: (bytes) => stream.write(bytes, bytes.length) }),
	},
	{
		mistake: "says that it has taken what it has not",
		found: [
			"holds back when there is no room, and loses nothing",
			"keeps quiet about a half-open connection, takes no more than fits, and can be closed",
		],
		stream: (stream) => ({
			write(bytes, count) {
				stream.write(bytes, count);
				return true;
			},
		}),
	},
	{
		mistake: "swallows pieces of one byte",
		found: ["takes one byte at a time"],
		handler: (handler) => ({
			onData(bytes, count) {
				if (count > 1) handler.onData(bytes, count);
			},
		}),
	},
	{
		mistake: "cuts off what is longer than a buffer",
		found: ["takes everything at once"],
		handler: (handler) => ({ onData: (bytes, count) => handler.onData(bytes, Math.min(count, 1_024)) }),
	},
	{
		mistake: "takes every connection for the newest one",
		found: ["keeps two connections apart"],
		handler: (() => {
			let newest: StreamHandler;
			return (handler: StreamHandler) => {
				newest = handler;
				return { onData: (bytes: Uint8Array, count: number) => newest.onData(bytes, count) };
			};
		})(),
	},
	{
		mistake: "keeps to itself that a connection has ended",
		found: [
			"says when nobody listens",
			"hands over everything before the other side's close, and tells of it once",
			"tells once that the connection broke",
			"survives a break while it writes",
		],
		handler: () => ({ onClose: nothing }),
	},
	{
		mistake: "tells twice that it has ended",
		found: ["says when nobody listens", "tells once that it broke in the middle of a packet"],
		handler: (handler) => ({
			onClose(reason) {
				handler.onClose(reason);
				handler.onClose(reason);
			},
		}),
	},
	{
		mistake: "gives no reason",
		found: ["says when nobody listens"],
		handler: (handler) => ({ onClose: () => handler.onClose("") }),
	},
	{
		mistake: "gives up at once where nothing comes back",
		found: ["waits in silence for a black hole, and can be closed", "says when nobody listens"],
		stream: (_stream, handler) => {
			handler.onClose("no answer");
			return {};
		},
	},
	{
		mistake: "loses the last piece before the end",
		found: ["hands over everything before the other side's close, and tells of it once"],
		handler: (handler) => {
			let last: Uint8Array | undefined;
			return {
				onData(bytes, count) {
					if (last !== undefined) handler.onData(last, last.length);
					last = bytes.slice(0, count);
				},
			};
		},
	},
	{
		mistake: "adds a byte when it breaks in the middle",
		found: ["tells once that it broke in the middle of a packet"],
		handler: (handler) => ({
			onClose(reason) {
				handler.onData(Uint8Array.of(0), 1);
				handler.onClose(reason);
			},
		}),
	},
	{
		mistake: "throws when it is written to without room",
		found: [
			"keeps quiet about a half-open connection, takes no more than fits, and can be closed",
			"holds back when there is no room, and loses nothing",
		],
		stream: (stream) => ({
			write(bytes, count) {
				if (!stream.write(bytes, count)) throw new Error("no room");
				return true;
			},
		}),
	},
	{
		mistake: "cannot be closed",
		found: [
			"tells nothing after close",
			"can be closed at any moment while it opens",
			"can be closed inside every callback",
		],
		stream: () => ({ close: nothing }),
	},
	{
		mistake: "says goodbye when it is closed",
		found: [
			"tells nothing after close",
			"can be closed at any moment while it opens",
			"waits in silence for a black hole, and can be closed",
			"keeps quiet about a half-open connection, takes no more than fits, and can be closed",
		],
		stream: (stream, handler) => ({
			close() {
				stream.close();
				handler.onClose("closed");
			},
		}),
	},
	{
		mistake: "keeps what it writes until more comes",
		found: ["sends what was written before close"],
		stream: (stream) => {
			let kept: Uint8Array | undefined;
			return {
				write(bytes, count) {
					if (kept !== undefined && !stream.write(kept, kept.length)) return false;
					kept = bytes.slice(0, count);
					return true;
				},
			};
		},
	},
	{
		mistake: "keeps to itself what a handler throws",
		found: ["hands what a handler throws to the entry, and goes on"],
		handler: (handler) => ({
			onData(bytes, count) {
				try {
					handler.onData(bytes, count);
				} catch {
					// As if nothing had been.
				}
			},
		}),
	},
	{
		mistake: "stops listening when a handler has thrown",
		found: ["hands what a handler throws to the entry, and goes on"],
		handler: (handler) => {
			let deaf = false;
			return {
				onData(bytes, count) {
					if (deaf) return;
					deaf = true;
					handler.onData(bytes, count);
					deaf = false;
				},
			};
		},
	},
];
