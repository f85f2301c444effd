import type { Event, World } from "./world.js";

/** How bytes travel. Read at every step, so that a test may change it on the way. */
export interface Path {
	/** Milliseconds one way. */
	readonly latencyMs: number;
	readonly bytesPerSecond: number;
	/** Largest piece that is handed over at once; 1 for one byte at a time. */
	readonly segmentBytes: number;
	/** False while nothing gets through. */
	readonly isOpen: boolean;
}

export interface PipeEnd {
	/** `bytes[0..count)` came out. The rest of the buffer means nothing. */
	onBytes(bytes: Uint8Array, count: number): void;
	/** Everything came out, and the sender has ended. */
	onEnd(): void;
	/** The receiver has some bytes; `queued` went down. */
	onProgress(): void;
}

/** One direction of a connection: in order, complete, late, in pieces of the path's choosing. */
export class Pipe {
	/** Bytes sent that have not come out yet. */
	queued = 0;
	private readonly world: World;
	private readonly path: Path;
	private readonly receiver: PipeEnd;
	private waiting: { dueMs: number; bytes: Uint8Array | undefined }[] = [];
	private arrivalMs = 0;
	private event: Event | undefined;
	private paused = false;
	private dead = false;

	constructor(world: World, path: Path, end: PipeEnd) {
		this.world = world;
		this.path = path;
		this.receiver = end;
	}

	/** Nothing is on its way. */
	get isIdle(): boolean {
		return this.waiting.length === 0;
	}

	/** Takes a copy of `bytes`. */
	send(bytes: Uint8Array): void {
		this.queued += bytes.length;
		this.put(bytes.slice(), (bytes.length * 1_000) / this.path.bytesPerSecond);
	}

	/** No more will come: told to the receiver after everything that was sent. */
	end(): void {
		this.put(undefined, 0);
	}

	/** The receiver stops taking bytes. */
	pause(): void {
		this.paused = true;
	}

	resume(): void {
		this.paused = false;
		this.wake();
	}

	/** The path may be open again. */
	wake(): void {
		const first = this.waiting[0];
		if (first === undefined || this.dead) return;
		this.event?.cancel();
		this.event = this.world.after(first.dueMs - this.world.nowMs, () => this.deliver());
	}

	/** Nothing comes out any more. */
	destroy(): void {
		this.dead = true;
		this.waiting = [];
		this.queued = 0;
		this.event?.cancel();
	}

	private put(bytes: Uint8Array | undefined, transferMs: number): void {
		if (this.dead) return;
		this.arrivalMs = Math.max(this.world.nowMs + this.path.latencyMs, this.arrivalMs) + transferMs;
		this.waiting.push({ dueMs: this.arrivalMs, bytes });
		if (this.waiting.length === 1) this.wake();
	}

	private deliver(): void {
		if (this.paused || !this.path.isOpen) return; // `wake` follows
		const due = this.takeDue();
		for (let at = 0; at < due.bytes.length && !this.dead; ) {
			const count = Math.min(this.path.segmentBytes, due.bytes.length - at);
			const lent = new Uint8Array(count + 4).fill(0xee); // longer than what it brings, as a real buffer is
			lent.set(due.bytes.subarray(at, at + count));
			this.queued -= count;
			this.receiver.onBytes(lent, count);
			lent.fill(0xdd); // whoever kept it without copying will notice
			at += count;
		}
		if (this.dead) return;
		this.wake();
		if (due.ended) this.receiver.onEnd();
		else this.receiver.onProgress();
	}

	/** What has arrived by now, as the receiver would find it: without the borders between writes. */
	private takeDue(): { bytes: Uint8Array; ended: boolean } {
		const chunks: Uint8Array[] = [];
		let ended = false;
		while (this.waiting[0] !== undefined && this.waiting[0].dueMs <= this.world.nowMs) {
			const { bytes } = this.waiting.shift() as { bytes: Uint8Array | undefined };
			if (bytes === undefined) ended = true;
			else chunks.push(bytes);
		}
		const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
		let at = 0;
		for (const chunk of chunks) {
			all.set(chunk, at);
			at += chunk.length;
		}
		return { bytes: all, ended };
	}
}
