import type { Network, StreamOptions } from "../../firmware/ports/network.js";
import type { Check } from "./checks.js";
import type { RecordingEntry } from "./entry.js";
import { breaks, closedByPeer, halfOpen, refused, reset, resetMidway, silent } from "./stream-ends.js";
import { backPressure, bytewise, carries, copies, largeReads, twoAtOnce } from "./stream-flow.js";
import { closeInside, closeWhileOpening, noneAfterClose, panics, sentBeforeClose } from "./stream-manners.js";

/** The far end of one connection, as a test holds it. */
export interface Peer {
	/** Everything that arrived, in order. */
	readonly received: Uint8Array;
	/** The board's side is gone. */
	readonly closed: boolean;
	/** Sends `bytes` in pieces that arrive one by one. */
	send(bytes: Uint8Array, pieceBytes?: number): void;
	/** Stops taking bytes, and goes on. */
	pause(): void;
	resume(): void;
	/** Ends the connection in good order. */
	close(): void;
	/** Breaks it. */
	reset(): void;
	/** Is gone without a word: takes nothing, sends nothing, ends nothing. */
	vanish(): void;
}

/** A server that accepts. */
export interface Listening {
	readonly options: StreamOptions;
	/** Every connection it has accepted, oldest first. */
	readonly peers: readonly Peer[];
}

/** A board whose network is up, and servers that do as they are told. */
export interface StreamEnvironment {
	readonly network: Network;
	readonly entry: RecordingEntry;
	listen(): Promise<Listening>;
	/** Where nobody listens. */
	readonly refusing: StreamOptions;
	/** Where nothing comes back; undefined where that cannot be had. */
	readonly blackHole: StreamOptions | undefined;
	/** Waits until `done`; throws with `what` when it takes too long. */
	until(what: string, done: () => boolean): Promise<void>;
	/** Waits long enough for whatever is on its way to arrive. */
	settle(): Promise<void>;
	dispose(): Promise<void>;
}

/** What every board's streams must do. Each check runs in an environment of its own. */
export function streamContract(makeEnvironment: () => Promise<StreamEnvironment>): Check[] {
	const checks: readonly (readonly [string, (environment: StreamEnvironment) => Promise<void>])[] = [
		["opens, and carries bytes both ways", carries],
		["copies what it is given, and sends no more than `count`", copies],
		["takes one byte at a time", bytewise],
		["takes everything at once", largeReads],
		["holds back when there is no room, and loses nothing", backPressure],
		["keeps two connections apart", twoAtOnce],
		["says when nobody listens", refused],
		["waits in silence for a black hole, and can be closed", silent],
		["hands over everything before the other side's close, and tells of it once", closedByPeer],
		["tells once that the connection broke", reset],
		["tells once that it broke in the middle of a packet", resetMidway],
		["keeps quiet about a half-open connection, takes no more than fits, and can be closed", halfOpen],
		["survives a break while it writes", breaks],
		["tells nothing after close", noneAfterClose],
		["can be closed at any moment while it opens", closeWhileOpening],
		["can be closed inside every callback", closeInside],
		["sends what was written before close", sentBeforeClose],
		["hands what a handler throws to the entry, and goes on", panics],
	];
	return checks.map(([name, check]) => ({
		name,
		async run(): Promise<void> {
			const environment = await makeEnvironment();
			try {
				await check(environment);
			} finally {
				await environment.dispose();
			}
		},
	}));
}
