/** How much of what the device has to say is sent to the topic `log`; each level includes those before it. */
export type LogLevel = "off" | "error" | "warning" | "info";

const LEVELS: readonly LogLevel[] = Object.freeze<LogLevel[]>(["off", "error", "warning", "info"]);

/** Whether this is the name of a level. */
export function isLogLevel(name: unknown): name is LogLevel {
	return LEVELS.includes(name as LogLevel);
}

/** Whether a line of the level `line` is sent where the level `asked` is asked for. */
export function isAskedFor(line: LogLevel, asked: LogLevel): boolean {
	return LEVELS.indexOf(line) <= LEVELS.indexOf(asked);
}
