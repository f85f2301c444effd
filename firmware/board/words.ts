/** What an exception says, for a sentence of ours to end with. */
export function messageOf(error: unknown): string {
	return error instanceof Error && error.message ? error.message : String(error);
}

/** What went wrong with a pin or bus, naming it: the SDK's own messages (`in use`) name nothing. */
export function hardwareError(what: string, error: unknown): Error {
	return new Error(`${what}: ${messageOf(error)}`);
}
