import type { FirmwareSlots, RunningDigest } from "../../firmware/ports/slots.js";
import { virtualContent } from "./image.js";
import { PowerCut } from "./store.js";

const SECTOR_BYTES = 4_096;
const ERASED = 0xff;

type ImageState = "new" | "pending" | "valid" | "invalid" | "aborted";

/** One half of the boot loader's record: which start this is, and what became of its image. Odd ones are of slot 0. */
interface BootEntry {
	readonly seq: number;
	state: ImageState;
}

/** How far the operation got at which the power went. */
export type CutMoment = "before" | "within" | "after";

/**
 * Two slots for firmware and a boot loader that behaves as ESP-IDF's does with roll-back on: what is selected starts once,
 * and unless it is confirmed, never again. The power can go before, within and after every single operation.
 */
export class VirtualSlots implements FirmwareSlots {
	readonly room: number;
	/** Both slots, for a test to look at or to damage. */
	readonly content: readonly [Uint8Array, Uint8Array];
	/** The slot that runs. */
	running = 0;
	/** No slot holds an image that can be started. */
	bricked = false;
	/** Erases, writes and changes of the boot loader's record. */
	operations = 0;
	bytesWritten = 0;
	/** Every operation that changes flash throws while this is set. */
	broken = false;
	private readonly record: [BootEntry | undefined, BootEntry | undefined] = [undefined, undefined];
	private readonly start: () => RunningDigest;
	private cut: { left: number; readonly moment: CutMoment; readonly onCut: () => void } | undefined;
	private dead = false;

	/** @param first what was flashed over USB. @param digest how the engine makes a SHA-256. */
	constructor(first: Uint8Array, digest: () => RunningDigest, room = 65_536) {
		this.room = room;
		this.content = [new Uint8Array(room).fill(ERASED), new Uint8Array(room).fill(ERASED)];
		this.content[0].set(first);
		this.start = digest;
	}

	get onTrial(): boolean {
		return this.entryOf(this.running)?.state === "pending";
	}

	get rejected(): boolean {
		const { state } = this.entryOf(1 - this.running) ?? {};
		return state === "aborted" || state === "invalid";
	}

	read(at: number, into: Uint8Array): void {
		this.check(at, into.length);
		into.set(this.other.subarray(at, at + into.length));
	}

	erase(sector: number): void {
		const at = sector * SECTOR_BYTES;
		this.check(at, SECTOR_BYTES);
		this.operate((share) => this.other.fill(ERASED, at, at + SECTOR_BYTES * share));
	}

	write(at: number, bytes: Uint8Array): void {
		this.check(at, bytes.length);
		const { other } = this;
		// By index: this is where whole updates under power cuts would spend their time.
		for (let i = 0; i < bytes.length; i++)
			if (((other[at + i] as number) & (bytes[i] as number)) !== bytes[i])
				throw new Error(`byte ${at + i} was not erased`);
		this.operate((share) => {
			this.other.set(bytes.subarray(0, bytes.length * share), at);
			this.bytesWritten += bytes.length * share;
		});
	}

	digest(): RunningDigest {
		return this.start();
	}

	/** As the SDK has it: the first sector is written once more, the image is looked at, and the record is made. */
	select(): void {
		const first = this.other.slice(0, SECTOR_BYTES);
		this.erase(0);
		this.write(0, first);
		if (virtualContent(this.other) === undefined) throw new Error("end failed");
		const active = this.active();
		const slot = 1 - this.running;
		let seq = slot + 1;
		while (active !== undefined && seq <= (this.record[active]?.seq ?? 0)) seq += 2;
		this.enter(active === 0 ? 1 : 0, { seq, state: "new" });
	}

	confirm(): void {
		const active = this.active();
		const entry = active === undefined ? undefined : this.record[active];
		if (active === undefined || entry === undefined) return;
		this.enter(active, { ...entry, state: "valid" });
	}

	/** Takes the power away at the `operation`-th operation from now, 0 being the next. */
	cutPowerAt(operation: number, moment: CutMoment, onCut: () => void): void {
		this.cut = { left: operation, moment, onCut };
	}

	/** The power is back: the boot loader decides what runs. It may lose the power itself, and begins again then. */
	boot(): void {
		this.dead = false;
		try {
			this.choose();
		} catch (error) {
			if (!(error instanceof PowerCut)) throw error;
			this.boot();
		}
	}

	/** What was put into the running image. */
	get runningContent(): Uint8Array | undefined {
		return virtualContent(this.content[this.running] as Uint8Array);
	}

	private choose(): void {
		for (let active = this.active(); active !== undefined; active = this.active()) {
			const { seq, state } = this.record[active] as BootEntry;
			const slot = (seq - 1) % 2;
			if (state === "pending") this.enter(active, { seq, state: "aborted" });
			else if (virtualContent(this.content[slot] as Uint8Array) === undefined)
				this.enter(active, { seq, state: "invalid" });
			else {
				if (state === "new") this.enter(active, { seq, state: "pending" });
				this.running = slot;
				return;
			}
		}
		this.running = virtualContent(this.content[0]) === undefined ? 1 : 0;
		this.bricked = virtualContent(this.content[this.running] as Uint8Array) === undefined;
	}

	/** The half of the record that counts: the later one of those that were not given up. */
	private active(): 0 | 1 | undefined {
		const seqs = this.record.map((entry) =>
			entry === undefined || entry.state === "aborted" || entry.state === "invalid" ? 0 : entry.seq,
		) as [number, number];
		if (seqs[0] === 0 && seqs[1] === 0) return undefined;
		return seqs[0] > seqs[1] ? 0 : 1;
	}

	private entryOf(slot: number): BootEntry | undefined {
		return this.record.find((entry) => entry !== undefined && (entry.seq - 1) % 2 === slot);
	}

	/** A half of the record is erased, and then written. */
	private enter(half: 0 | 1, entry: BootEntry): void {
		this.operate((share) => {
			if (share > 0) this.record[half] = undefined;
		});
		this.operate((share) => {
			if (share === 1) this.record[half] = entry;
		});
	}

	private get other(): Uint8Array {
		return this.content[1 - this.running] as Uint8Array;
	}

	private operate(change: (share: number) => void): void {
		if (this.dead) throw new PowerCut("the power is gone");
		if (this.broken) throw new Error("flash is broken");
		const { cut } = this;
		const isNow = cut !== undefined && cut.left-- === 0;
		change(!isNow || cut.moment === "after" ? 1 : cut.moment === "within" ? 0.5 : 0);
		this.operations++;
		if (!isNow) return;
		this.dead = true;
		this.cut = undefined;
		cut.onCut();
		throw new PowerCut("the power is gone");
	}

	private check(at: number, length: number): void {
		if (this.dead) throw new PowerCut("the power is gone");
		if (!(Number.isInteger(at) && at >= 0 && at + length <= this.room)) throw new Error(`there is no byte ${at}`);
	}
}
