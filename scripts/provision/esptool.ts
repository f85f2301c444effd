import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../firmware/model/fault.js";
import { faultOf } from "./esptool-words.js";

/** Longer than a board takes for anything that is asked of it here, a bad cable included. */
const LIMIT_MS = 180_000;
/** From here on commands have dashes in them; before, underscores. */
const DASHED_VERSION = 5;

/** ESP-IDF's program that speaks with a chip's boot loader, and how it is called. */
export interface Esptool {
	readonly command: string;
	readonly args: readonly string[];
	readonly version: number;
}

/** What a program said, and whether it ended well. */
interface Said {
	readonly isGood: boolean;
	readonly output: string;
}

/** The esptool of this computer. Throws a Fault when there is none. */
export async function findEsptool(): Promise<Esptool> {
	for (const [command, ...args] of candidates()) {
		const { isGood, output } = await say(command as string, [...args, "version"]);
		const version = output.match(/^esptool(?:\.py)? v(\d+)\./m)?.[1];
		if (isGood && version !== undefined) return { command: command as string, args, version: Number(version) };
	}
	throw new Fault(
		"esptool",
		"it is not installed here, and nothing else can write to a board",
		"run ESP-IDF's export script in this terminal, or give the image to a program of yours with --image",
	);
}

/** What may be it: as installed by itself, and as ESP-IDF brings it. */
function candidates(): string[][] {
	const { IDF_PYTHON_ENV_PATH, IDF_PATH } = process.env;
	const found = [["esptool"], ["esptool.py"]];
	const programs = process.platform === "win32" ? "Scripts" : "bin";
	const python = IDF_PYTHON_ENV_PATH === undefined ? "python3" : join(IDF_PYTHON_ENV_PATH, programs, "python");
	if (IDF_PYTHON_ENV_PATH !== undefined) found.push([python, "-m", "esptool"]);
	const script = join(IDF_PATH ?? "", "components/esptool_py/esptool/esptool.py");
	if (IDF_PATH !== undefined && existsSync(script)) found.push([python, script]);
	return found;
}

/** Runs a program to its end. Nothing secret may be among the arguments: everybody at the computer can see them. */
function say(command: string, args: readonly string[]): Promise<Said> {
	return new Promise((done) => {
		execFile(command, args, { timeout: LIMIT_MS, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
			done({ isGood: error === null, output: `${stdout}\n${stderr}` });
		});
	});
}

/** A board's flash, through esptool. From the first access on the chip does not run its firmware, until it is let go. */
export class BoardFlash {
	readonly #tool: Esptool;
	readonly #chip: string;
	/** Once a board was found at one, it is that board from then on. */
	#port: string | undefined;
	#mac: string | undefined;
	#isHeld = false;

	constructor(tool: Esptool, chip: string, port: string | undefined) {
		this.#tool = tool;
		this.#chip = chip;
		this.#port = port;
	}

	/** Where the board was found. */
	get port(): string {
		return this.#port ?? "its port";
	}

	/** What a device is called that is given no name: the chip's MAC address, 12 lower-case hexadecimal digits. */
	get mac(): string | undefined {
		return this.#mac;
	}

	/** Leaves `size` bytes from `offset` on in the file `path`. */
	async read(offset: number, size: number, path: string): Promise<void> {
		await this.#run("no-reset", "read-flash", String(offset), String(size), path);
	}

	/** Writes a file, and has the chip compare what is in the flash then. */
	async write(offset: number, path: string): Promise<void> {
		await this.#run("no-reset", "write-flash", String(offset), path);
		await this.#run("no-reset", "verify-flash", String(offset), path);
	}

	async erase(offset: number, size: number): Promise<void> {
		await this.#run("no-reset", "erase-region", String(offset), String(size));
	}

	/** Lets the firmware run again. Throws nothing: whoever is at the board can do it, too. */
	async letGo(): Promise<void> {
		if (!this.#isHeld) return;
		this.#isHeld = false;
		await this.#run("hard-reset", "read-mac").catch(() => undefined);
	}

	async #run(after: string, command: string, ...more: readonly string[]): Promise<void> {
		const { command: program, args, version } = this.#tool;
		const spelt = (word: string) => (version >= DASHED_VERSION ? word : word.replaceAll("-", "_"));
		const port = this.#port === undefined ? [] : ["--port", this.#port];
		const { isGood, output } = await say(program, [
			...args,
			...["--chip", this.#chip, ...port, "--after", spelt(after), spelt(command)],
			...more,
		]);
		if (!isGood) throw faultOf(output, { chip: this.#chip, port: this.#port, command });
		this.#isHeld = after === "no-reset";
		// Of several ports that it tried, the last is the one that worked.
		this.#port ??= [...output.matchAll(/^Serial port (\S+?):?\s*$/gm)].at(-1)?.[1];
		const mac = output.match(/^MAC:\s+([\da-f:]{17})\s*$/im)?.[1];
		if (mac !== undefined) this.#mac = mac.replaceAll(":", "").toLowerCase();
	}
}
