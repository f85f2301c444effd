import { stripVTControlCharacters } from "node:util";
import { Fault } from "../../firmware/model/fault.js";

/** What was asked for when esptool failed. */
export interface Asked {
	readonly chip: string;
	readonly port: string | undefined;
	readonly command: string;
}

/** What esptool says when something fails, why that is in plain words, and what helps. The first that fits. */
const REASONS: readonly (readonly [RegExp, string, string])[] = [
	[
		/Permission denied|Errno 13\b/i,
		"you may not open it",
		'on Linux, join the group "dialout" (sudo usermod -a -G dialout $USER) and log in again',
	],
	[
		/Access is denied|Resource busy|Device or resource busy|exclusively lock/i,
		"another program uses it",
		"end that program",
	],
	[
		/Errno 2\b|No such file or directory|FileNotFoundError/i,
		"there is no such port",
		"look what the board is called, and name it with --port",
	],
	[
		/on any of the \d+ available serial ports|No serial ports|Found 0 serial ports/i,
		"no board was found at any port",
		"connect it with a cable that carries data, or name its port with --port",
	],
	[/This chip is (\S+?),? not/i, "it has another chip: $1", "name the target that the board is"],
	[
		/Failed to connect|No serial data received|Wrong boot mode|Invalid head of packet|Timed out waiting/i,
		"the chip does not answer",
		"hold its button BOOT while it is connected, and try again",
	],
	[
		/Verify failed|Verification failed|digest mismatch|MD5 of file does not match/i,
		"what was written is not what is in the flash now",
		"try again; the flash may be worn out",
	],
	[
		/secure download mode/i,
		"the chip was locked against this (secure download mode)",
		"it can only be given settings by who locked it",
	],
];

/** One sentence about a failure of esptool. */
export function faultOf(output: string, { chip, port, command }: Asked): Fault {
	const what = port === undefined ? `The board with an ${chip}` : `The board at ${port}`;
	for (const [pattern, why, fix] of REASONS) {
		const found = output.match(pattern);
		if (found !== null) return new Fault(what, why.replace("$1", found[1] ?? ""), fix);
	}
	const said = output
		.split("\n")
		.map((line) => stripVTControlCharacters(line).trim())
		.filter((line) => line !== "")
		.find((line, at, all) => /error/i.test(line) || at === all.length - 1);
	return new Fault(what, `esptool's ${command} failed: ${said ?? "it said nothing"}`, "try esptool by itself");
}
