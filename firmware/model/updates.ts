import type { Board } from "../ports/board.js";
import type { Device } from "./device.js";
import type { JsonValue } from "./document.js";

/** Whom a device believes about new firmware. Comes from the build, not from the device file. */
export interface UpdateTrust {
	/** Public keys that releases may be signed with: points of P-256 in hexadecimal, and what signatures call them. */
	readonly keys: readonly { readonly id: string; readonly point: string }[];
	/** Root certificates, DER, of servers that firmware may be fetched from. */
	readonly roots: readonly Uint8Array[];
	/** When the running firmware was built, milliseconds since 1970; 0 for unknown. */
	readonly builtMs: number;
}

/** An order as it came. */
export interface ReceivedOrder {
	/** JSON, or, where it was signed, its members. */
	readonly content: Uint8Array | Map<string, JsonValue>;
	/** Called before it is carried out; false when it was here before. Throws why it is not to be, in plain words. */
	admit(): boolean;
}

/** What an updater may ask of the device it is part of. */
export interface UpdateHost {
	readonly board: Board;
	readonly device: Device;
	readonly trust: UpdateTrust;
	/** Asked before the signature of a release is checked; `spend` throws a plain reason when it must not be, now. */
	readonly releaseBudget: { spend(): void };
	/** The broker is in reach. */
	readonly online: boolean;
	/** Events, results and reports that the broker has not acknowledged yet. */
	readonly waiting: number;
	/** Names of the parts that do not answer. */
	stale(): readonly string[];
	/** Names of the outputs that are away from their safe state. */
	busy(): readonly string[];
	/** Reads an order's signature, where it has one. Throws why it is not to be trusted, in plain words. */
	received(payload: Uint8Array): ReceivedOrder;
	/** Publishes a report: JSON without its last brace. It is kept until the broker has it, also over a restart. */
	report(payload: string): void;
	/** Ends everything in good order, outputs in their safe states, and starts again as soon as reports are delivered. */
	restart(): void;
}

/** The part of a device that renews it. */
export interface Updater {
	/** Monotonic time in milliseconds at which `run` is to be called; Infinity for never. */
	readonly dueMs: number;
	run(nowMs: number): void;
	/** An order; `retain` says that it is not for this moment. */
	onOrder(payload: Uint8Array, retain: boolean): void;
	/** One block of an image; lent until the call returns. */
	onBlock(payload: Uint8Array): void;
	/** The device ends in good order, to sleep or to start again. */
	stop(): void;
}

/** Asked for in a device file: the device can be renewed from afar. */
export interface Updates {
	/** The version of this firmware: three numbers, as in `1.4.0`. */
	readonly version: string;
	/** What is to start: the device, or, when it has crashed again and again, next to nothing of it. */
	begin(board: Board, device: Device): Device;
	create(host: UpdateHost): Updater;
}
