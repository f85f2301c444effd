import { expect, it } from "vitest";
import { isAskedFor, isLogLevel, type LogLevel } from "../../firmware/model/log-level.js";

const LEVELS: readonly LogLevel[] = ["off", "error", "warning", "info"];

it("a level includes those before it, and nothing is asked for when it is off", () => {
	const asked = LEVELS.map((level) => LEVELS.slice(1).filter((line) => isAskedFor(line, level)));
	expect(asked).toEqual([[], ["error"], ["error", "warning"], ["error", "warning", "info"]]);
});

it("a level is one of four words", () => {
	expect(LEVELS.every(isLogLevel)).toBe(true);
	expect(["", "debug", "INFO", 1, null, undefined, new Map()].some(isLogLevel)).toBe(false);
});
