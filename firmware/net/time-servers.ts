/** How long a server that wants to be asked less often is left alone, milliseconds. */
const RATE_MS = 3_600_000;
const CLOSED = ' (is UDP port 123 closed? set "timeServer" to a server that can be reached)';
const NEVER = Number.POSITIVE_INFINITY;

/** Time servers in order of preference, the turn of each, and which of them do not want to be asked. */
export class TimeServers {
	private readonly servers: readonly string[];
	/** Per server: not to be asked before this monotonic time. Only there once one does not want to be. */
	private notBeforeMs: number[] | undefined = undefined;
	private at = -1;
	private why: string | undefined;
	/** Every one that was asked kept silent. */
	private allSilent = true;

	constructor(servers: readonly string[]) {
		this.servers = servers;
	}

	/** Whether one of them asked to be left alone, which is not to be forgotten. */
	get remembers(): boolean {
		return this.notBeforeMs !== undefined;
	}

	/** Begins with the first again. */
	begin(): void {
		this.at = -1;
		this.why = undefined;
		this.allSilent = true;
	}

	/** The next server that may be asked, undefined when there is none left. */
	next(nowMs: number): string | undefined {
		for (this.at++; this.at < this.servers.length; this.at++) {
			if ((this.notBeforeMs?.[this.at] ?? 0) <= nowMs) return this.servers[this.at];
		}
		return undefined;
	}

	/** The present server was of no use; `silent`: there was no answer at all. */
	failed(why: string, silent: boolean): void {
		this.why = why;
		this.allSilent &&= silent;
	}

	/** The present server wants never to be asked again, or less often; it is not before the next restart, or in an hour. */
	turnedAway(kind: "deny" | "rate", nowMs: number): void {
		this.notBeforeMs ??= this.servers.map(() => 0);
		this.notBeforeMs[this.at] = kind === "deny" ? NEVER : nowMs + RATE_MS;
	}

	/** Why nobody told the time, for people. */
	failure(): string {
		const { why, servers } = this;
		if (why === undefined) return "no time server may be asked now: they all asked to be left alone";
		const words = servers.length === 1 ? why : `none of ${servers.length} time servers told the time; the last: ${why}`;
		return this.allSilent ? words + CLOSED : words;
	}
}
