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

declare module "embedded:storage/key-value" {
	export interface KeyValue {
		read(key: string): string | undefined;
		write(key: string, value: string): void;
		delete(key: string): void;
	}
	const storage: { open(options: { path: string; mode: "r+"; format: "string" }): KeyValue };
	export default storage;
}

declare module "embedded:storage/flash" {
	export interface Flash {
		/** Fills `into`. */
		read(into: Uint8Array, at: number): void;
		write(bytes: Uint8Array, at: number): void;
		eraseBlock(block: number): void;
		status(): { readonly blocks: number; readonly blockLength: number };
	}
	const storage: { open(options: { path: string; mode: "r" | "r+" }): Flash };
	export default storage;
}

declare module "embedded:update" {
	import type { Flash } from "embedded:storage/flash";

	/** An image being written to a slot. */
	export interface Update {
		/** Erases as it goes. */
		write(bytes: Uint8Array): void;
		/** Checks the image, and makes it the one to start next. */
		complete(): void;
		close(): void;
	}
	const update: { open(options: { partition: Flash; mode: "a" }): Update };
	export default update;
}

declare module "file" {
	export class File {
		static exists(path: string): boolean;
		static delete(path: string): void;
		constructor(path: string, write?: boolean);
		position: number;
		read(type: StringConstructor): string;
		read(type: ArrayBufferConstructor, count: number): ArrayBuffer;
		write(content: string | ArrayBuffer): void;
		close(): void;
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

declare module "text/encoder" {
	export default class TextEncoder {
		/** Stops before the first character that does not fit whole; says how many went, and in how many bytes. */
		encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number };
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
	/** The functions of ESP-IDF that manifests/common/chip.json names, and the build for a firmware that is renewed. */
	export default class FFI {
		esp_get_free_heap_size(): number;
		/** 0 for success (esp_err_t). */
		esp_ota_mark_app_valid_cancel_rollback(): number;
		esp_reset_reason(): number;
	}
}
