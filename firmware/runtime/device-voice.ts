import { reasonOf } from "../model/fault.js";
import type { LogLevel } from "../model/log-level.js";
import type { Board } from "../ports/board.js";
import { quote } from "./entities/entity.js";
import type { PanicHandler } from "./scheduler.js";
import type { Uplink } from "./uplink.js";

const PANIC_TELL_MS = 60_000; // a fault that repeats is counted each time and told once a minute

/** What a device says of itself: its events, its faults, and the lines of its log. */
export abstract class DeviceVoice implements PanicHandler {
	abstract readonly board: Board;
	abstract readonly id: string;
	abstract readonly prefix: string;
	abstract readonly boot: number;
	protected abstract readonly uplink: Uplink;
	protected faults = 0;
	private eventSeq = 0;
	private panicToldMs = Number.NEGATIVE_INFINITY;

	event(entity: string, event: string, detail: string): void {
		if (event === "fault") this.faults++;
		this.tell(entity, event, detail);
	}

	log(line: string, level: LogLevel = "info"): void {
		try {
			this.board.log(line);
			this.uplink?.logLine(line, level); // there is none yet while it is made
		} catch {
			// Nobody can be told; everything else goes on.
		}
	}

	onPanic(where: string, error: unknown): void {
		this.faults++;
		const nowMs = this.board.clock.monotonicMs();
		if (nowMs - this.panicToldMs < PANIC_TELL_MS) return;
		this.panicToldMs = nowMs;
		this.tell("", "fault", `,"reason":${quote(`internal error in ${where}: ${reasonOf(error)}`)}`);
	}

	private tell(entity: string, event: string, detail: string): void {
		const head = `{"boot":${this.boot},"seq":${++this.eventSeq},"entity":${quote(entity)},"event":"${event}"`;
		const atMs = this.board.clock.monotonicMs();
		this.uplink.post({ topic: `${this.prefix}event`, payload: head + detail, atMs });
		const line = `${entity === "" ? this.id : entity}: ${event}${detail}`;
		if (event === "fault") this.log(line, "error");
		else if (event === "recovered") this.log(line);
	}

	protected guarded(where: string, run: () => void): void {
		try {
			run();
		} catch (error) {
			this.onPanic(where, error);
		}
	}
}
