/** Time as the board knows it: one clock that only moves forward, and one that tells the date when it is known. */
export interface Clock {
	/** Milliseconds since the board started. Never goes back, never wraps, unmoved by the date being set. */
	monotonicMs(): number;
	/** Milliseconds since 1970, or undefined while the date is unknown. */
	wallMs(): number | undefined;
	/** Tells the board the date, in milliseconds since 1970. */
	setWallMs(epochMs: number): void;
}

/** One timer of the platform, made once and armed as often as needed. */
export interface Alarm {
	/** Calls the handler once after `delayMs` (0 or more), in place of whatever was armed before. */
	arm(delayMs: number): void;
	disarm(): void;
}

export interface AlarmHandler {
	onAlarm(): void;
}
