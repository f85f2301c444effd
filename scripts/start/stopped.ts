const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A Ctrl-C comes twice where npm started us: from the terminal, and passed on by npm. */
const ECHO_MS = 1_000;

/**
 * Kept when somebody asks to stop: with Ctrl-C, by closing the terminal, or by no longer reading what is printed; or when
 * the time is over. Who asks once more, a second later, ends the program at once.
 */
export function stopped(forMs?: number): Promise<void> {
	return new Promise((resolve) => {
		const timer = forMs === undefined ? undefined : setTimeout(done, forMs);
		function done(): void {
			clearTimeout(timer);
			setTimeout(() => {
				for (const signal of SIGNALS) process.off(signal, done);
			}, ECHO_MS).unref();
			resolve();
		}
		for (const signal of SIGNALS) process.on(signal, done);
		process.stdout.once("error", done);
	});
}
