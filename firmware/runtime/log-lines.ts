import { isAskedFor, type LogLevel } from "../model/log-level.js";
import { quote } from "./entities/entity.js";
import type { Letter } from "./mailbox.js";

/** Lines kept for a broker that is out of reach. They are not worth the wear of flash, and the first thing to go. */
const LINES_MAX = 32;

/** A line on its way out: JSON without its time and its last brace. */
type Line = Pick<Letter, "payload" | "atMs">;

/**
 * What goes to the topic `log` (QoS 0), for a device whose owner asked for it: only then is this there. The latest lines
 * are kept until they are sent; what is dropped is counted, and missing in the sequence numbers.
 */
export class LogLines {
	/** What is asked for. */
	level: LogLevel = "off";
	/** Lines that were given up for newer ones. */
	dropped = 0;
	private readonly boot: number;
	private seq = 0;
	private readonly lines: Line[] = [];

	constructor(boot: number) {
		this.boot = boot;
	}

	/** Lines that are to be sent. */
	get waiting(): number {
		return this.lines.length;
	}

	/** Keeps a line that was written at `atMs` on the monotonic clock, unless its level is not asked for. */
	put(line: string, level: LogLevel, atMs: number): void {
		if (!isAskedFor(level, this.level)) return;
		if (this.lines.length === LINES_MAX) {
			this.lines.shift();
			this.dropped++;
		}
		const payload = `{"boot":${this.boot},"seq":${++this.seq},"level":"${level}","line":${quote(line)}`;
		this.lines.push({ payload, atMs });
	}

	/** The oldest line, or undefined. It stays until `sent`. */
	first(): Line | undefined {
		return this.lines[0];
	}

	/** The oldest line is with the broker, or can never be. */
	sent(): void {
		this.lines.shift();
	}
}
