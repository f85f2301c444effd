/** The reason inside anything that was thrown, for people. */
export function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Closes what is given up anyway: how it takes that must not stop whoever gives it up. */
export function closeQuietly(owner: { close(): void }): void {
	try {
		owner.close();
	} catch {
		// It is gone all the same.
	}
}
