/** Small values that survive a restart and a power cut. Keys: 1 to 15 characters. Values: up to 1,000 bytes. */
export interface Store {
	/** The stored value, or undefined when there is none. */
	get(key: string): string | undefined;
	/** Writes to flash before it returns: call on change only. */
	set(key: string, value: string): void;
	delete(key: string): void;
}
