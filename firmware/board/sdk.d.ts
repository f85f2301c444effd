/*
 * The part of the Moddable SDK (8.2) that this folder uses, as it behaves rather than as @moddable/typings has it: there
 * `close()` is missing from most classes, `TCP.write` returns nothing, `host` is taken for an address, and PWM and I2C
 * lack options. Callbacks run with the object they belong to as `this`; whatever is passed as `target` becomes its
 * property, so that one function at module level serves all objects and none needs a closure.
 */

declare const trace: (...values: (string | number | boolean)[]) => void;

interface ArrayBufferConstructor {
	/** The UTF-8 of `text`. */
	fromString(text: string): ArrayBuffer;
}

interface StringConstructor {
	/** Throws on anything but UTF-8. */
	fromArrayBuffer(bytes: ArrayBuffer): string;
}

declare module "embedded:io/digital" {
	export default class Digital<T = undefined> {
		static readonly Input: 0;
		static readonly InputPullUp: 1;
		static readonly InputPullDown: 2;
		static readonly Output: 8;
		static readonly OutputOpenDrain: 9;
		static readonly Rising: 1;
		static readonly Falling: 2;
		readonly target: T;
		constructor(options: {
			pin: number;
			mode: number;
			initialValue?: 0 | 1;
			edge?: number;
			target?: T;
			onReadable?: (this: Digital<T>) => void;
		});
		read(): 0 | 1;
		write(level: 0 | 1): void;
		close(): void;
	}
}

declare module "embedded:io/analog" {
	export default class Analog {
		readonly resolution: number;
		constructor(options: { pin: number });
		read(): number | undefined;
		close(): void;
	}
}

declare module "embedded:io/pwm" {
	export default class PWM {
		readonly resolution: number;
		constructor(options: { pin: number; hz: number; resolution: number });
		write(duty: number): void;
		close(): void;
	}
}

declare module "embedded:io/i2c" {
	export default class I2C {
		constructor(options: { data: number; clock: number; address: number; hz: number; timeout?: number });
		/** Returns 1 when nothing was to be written and the chip did not answer. */
		write(bytes: Uint8Array): number | undefined;
		read(into: Uint8Array): number;
		writeRead(bytes: Uint8Array, into: Uint8Array): number;
		close(): void;
	}
}

declare module "embedded:io/serial" {
	export default class Serial<T = undefined> {
		readonly target: T;
		constructor(options: {
			receive?: number;
			transmit?: number;
			port: number;
			baud: number;
			target: T;
			onReadable: (this: Serial<T>) => void;
			onWritable: (this: Serial<T>, room: number) => void;
		});
		/** Takes no more than there is, and returns how much. */
		read(into: Uint8Array): number | undefined;
		write(bytes: Uint8Array): void;
		close(): void;
	}
}

declare module "embedded:io/socket/tcp" {
	export default class TCP<T = undefined> {
		readonly target: T;
		/** Counters that the SDK's TLS keeps on the socket it is given. */
		readable: number;
		writable: number;
		constructor(options: {
			address: string;
			port: number;
			nodelay?: boolean;
			target: T;
			onReadable: (this: TCP<T>, unread: number) => void;
			onWritable: (this: TCP<T>, room: number) => void;
			onError: (this: TCP<T>) => void;
		});
		/** Fills `into`; throws when less than that has arrived. */
		read(into: Uint8Array): number;
		/** Returns the room left, or undefined when the connection is broken; throws when there is not enough room. */
		write(bytes: Uint8Array): number | undefined;
		close(): void;
	}
}

declare module "embedded:io/socket/udp" {
	export interface Datagram extends ArrayBuffer {
		readonly address: string;
		readonly port: number;
	}
	export default class UDP<T = undefined> {
		readonly target: T;
		constructor(options: { target: T; onReadable: (this: UDP<T>) => void });
		read(): Datagram | undefined;
		write(bytes: Uint8Array, address: string, port: number): void;
		close(): void;
	}
}

declare module "embedded:network/interface/wifi" {
	export default class WiFi<T = undefined> {
		/** 200 disconnected, 300 connecting, 400 associated, 500 has its addresses. */
		readonly connection: number;
		readonly MAC: string;
		readonly RSSI: number | undefined;
		/** The only SDK class here that knows no `target`: set it after construction. */
		target: T;
		constructor(options: { onChanged: (this: WiFi<T>, what: string) => void });
		connect(options: { SSID: string; password?: string }): void;
		disconnect(): void;
		close(): void;
	}
}

declare module "embedded:storage/key-value" {
	export interface KeyValue {
		read(key: string): string | undefined;
		write(key: string, value: string): void;
		delete(key: string): void;
	}
	const storage: { open(options: { path: string; mode: "r+"; format: "string" }): KeyValue };
	export default storage;
}

declare module "file" {
	export class File {
		static exists(path: string): boolean;
		static delete(path: string): void;
		constructor(path: string, write?: boolean);
		read(type: StringConstructor): string;
		write(text: string): void;
		close(): void;
	}
}

declare module "system" {
	/* Only for what it does when loaded: it makes the global System. */
}

declare const System: {
	resolve(host: string, done: (host: string, address: string | undefined) => void): void;
	/** On the chip only. */
	restart?(): void;
};

declare module "ssl/session" {
	import type TCP from "embedded:io/socket/tcp";

	export default class Session<T> {
		/** The kind of the handshake message to be acted upon, -1 for none. */
		readonly handshakeProcess: number;
		readonly alert: { level: number; description: number } | undefined;
		readonly certificateManager: { register(der: Uint8Array): void };
		constructor(options: { serverName: string; protocolVersion: number; cache?: boolean });
		initiateHandshake(): void;
		/** One step of the handshake; true when it is over, for better or (see `alert`) for worse. */
		handshake(transport: TCP<T>): boolean;
		/** The next record's content; undefined when there is none yet, null after an alert. */
		read(transport: TCP<T>): Uint8Array | undefined | null;
		/** One record. */
		write(transport: TCP<T>, bytes: Uint8Array): void;
	}
}

declare module "rng" {
	const RNG: { get(byteLength: number): ArrayBuffer };
	export default RNG;
}

declare module "timer" {
	export default class Timer {
		private constructor();
		/** Ours: whose timer this is. A property of it costs less than a closure. */
		owner: unknown;
		static set(callback: (timer: Timer) => void, ms: number, repeatMs?: number): Timer;
		static schedule(timer: Timer, ms?: number, repeatMs?: number): void;
		static clear(timer: Timer): void;
	}
}

declare module "time" {
	const Time: { set(seconds: number): void; readonly ticks: number; delta(start: number, end: number): number };
	export default Time;
}

declare module "Resource" {
	export default class Resource extends ArrayBuffer {
		constructor(path: string);
		static exists(path: string): boolean;
	}
}

declare module "mc/config" {
	const config: { readonly farpin?: import("./settings.js").Config };
	export default config;
}

declare module "mc/ffi" {
	/** The functions of ESP-IDF that manifests/common/esp32.json names. */
	export default class FFI {
		esp_get_free_heap_size(): number;
		esp_reset_reason(): number;
	}
}
