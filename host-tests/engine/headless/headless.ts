import { execFile, spawn } from "node:child_process";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { build, type Target } from "../../../scripts/build/build.js";

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "../../..");
/** Everything made here; ignored by git, and apart from what `npm run build` makes for the owner. */
export const WORK = resolve(ROOT, "build/engine");
const HOST_SOURCE = resolve(import.meta.dirname, "host.c");

const SDK = process.env.MODDABLE ?? "";
const TOOLS = join(SDK, "build/bin/lin/release");

/** Why the SDK cannot be used here, or undefined when it can. */
export function whyNoSdk(): string | undefined {
	if (!SDK) return "MODDABLE is not set";
	if (process.platform !== "linux") return "the headless host is for Linux";
	if (!existsSync(join(TOOLS, "mcconfig"))) return `the command-line tools are not built: ${TOOLS} has no mcconfig`;
	return undefined;
}

/** What the garbage collector left, and the most there was since the last time. */
export interface Memory {
	readonly slots: number;
	readonly slotBytes: number;
	readonly slotPeak: number;
	readonly chunkBytes: number;
	readonly chunkPeak: number;
	readonly keys: number;
}

/** The engine's heaps, as a manifest has them: chunks in bytes, all else in slots. With an increment of 0 they never grow. */
export interface Creation {
	readonly chunk: { readonly initial: number; readonly incremental: number };
	readonly heap: { readonly initial: number; readonly incremental: number };
	readonly stack: number;
	readonly keys: { readonly initial: number; readonly incremental: number };
}

export interface FirmwareOptions {
	readonly target: Target;
	/** mcconfig's -p: `lin`, `esp32/nodemcu` ... */
	readonly platform: string;
	/** What the SDK calls the app. Those with one name share a folder, and what was compiled for it. */
	readonly name: string;
	/** The content of manifests/settings.json; without it the firmware is built without settings. */
	readonly settings?: unknown;
	/** The entry of another firmware than the target's own: a path from the root of the repository. */
	readonly entry?: string;
	/** It is renewed from afar, whatever firmware/device.ts says. */
	readonly updates?: boolean;
	/** Sizes of the engine's heaps, in place of the target's own. */
	readonly creation?: Creation;
	/** Stop after the makefile: all that can be had for a chip without its compiler. */
	readonly resolveOnly?: boolean;
}

export interface Firmware {
	/** mcconfig's working folder, with the makefile and the flat manifest. */
	readonly folder: string;
	/** What the simulator would load. A copy: it outlives the next build under this name. */
	readonly library: string;
}

/** Bundles a firmware with these settings and has the SDK build it, from the very manifest that owners use. */
export async function buildFirmware(options: FirmwareOptions): Promise<Firmware> {
	const { target, platform, name, settings, entry, updates, creation, resolveOnly = false } = options;
	const stage = join(WORK, name);
	mkdirSync(stage, { recursive: true });
	const settingsPath = join(stage, "settings.json");
	const withoutSettings = settings === undefined;
	if (!withoutSettings) writeFileSync(settingsPath, JSON.stringify(settings));
	const output = join(stage, "firmware");
	await build(target, { settings: settingsPath, withoutSettings, forAnyChip: true, output, entry, updates });

	// The same manifest, moved here so that it takes this firmware and not the owner's.
	const original = resolve(ROOT, "manifests", target, "manifest.json");
	const moved = readFileSync(original, "utf8")
		.replaceAll("../../build/", "./firmware/")
		.replaceAll("./sdkconfig/", `${relative(stage, resolve(ROOT, "manifests", target, "sdkconfig"))}/`)
		.replaceAll("../common/", `${relative(stage, resolve(ROOT, "manifests/common"))}/`);
	const manifest = JSON.parse(moved) as object;
	writeFileSync(
		join(stage, "manifest.json"),
		JSON.stringify(creation === undefined ? manifest : { ...manifest, creation }),
	);

	return compile(stage, platform, resolveOnly);
}

/** Has the SDK build the folder `stage`, which holds a manifest and is named as the app is to be. */
export async function compile(stage: string, platform: string, resolveOnly = false): Promise<Firmware> {
	const name = basename(stage);
	const sdkOutput = join(WORK, "sdk");
	mkdirSync(sdkOutput, { recursive: true });
	const parts = platform.includes("/") ? [platform] : [platform, "mc"];
	const folder = join(sdkOutput, "tmp", ...parts, "release", name);
	forgetAllButObjects(folder);
	const flags = resolveOnly ? [] : ["-m", "-t", "build"];
	await tool("mcconfig", [...flags, "-p", platform, "-o", sdkOutput, join(stage, "manifest.json")], stage);
	const library = join(stage, `${++builds}.so`);
	if (!resolveOnly) copyFileSync(join(sdkOutput, "bin", ...parts, "release", name, "mc.so"), library);
	return { folder, library };
}

let builds = 0;

/**
 * Make compares times only, and a module that moved to an older file would stay what it was. The SDK's own C sources do
 * not move, and take the most time.
 */
function forgetAllButObjects(folder: string): void {
	if (!existsSync(folder)) return;
	for (const name of readdirSync(folder)) {
		if (!name.endsWith(".c.o") || name.startsWith("mc.")) rmSync(join(folder, name), { recursive: true });
	}
}

/** The part of a chip's build that XS does, without the chip's compiler: bytecode, preload, and the link to mc.xs.c. */
export async function linkXs(firmware: Firmware): Promise<{ readonly output: string; readonly source: string }> {
	const source = join(firmware.folder, "mc.xs.c");
	// Only the chip's compiler needs ESP-IDF and its configuration; the makefile will not begin without.
	const withoutIdf = ["IDF_PATH=none", "IDF_VERSION=none", "SDKCONFIG_H="];
	const output = await tool("make", ["-f", "makefile", ...withoutIdf, source], firmware.folder);
	return { output, source };
}

/** Runs one of the SDK's tools; throws with what it said when it fails. */
async function tool(command: string, args: readonly string[], cwd: string): Promise<string> {
	try {
		const { stdout, stderr } = await run(command, args, {
			cwd,
			maxBuffer: 1 << 26,
			env: { ...process.env, PATH: `${process.env.PATH}${delimiter}${TOOLS}` },
		});
		return stdout + stderr;
	} catch (error) {
		const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
		throw new Error(`${basename(command)} ${args.join(" ")} failed:\n${(stdout + stderr).slice(-4000)}`);
	}
}

/** Compiles the host, unless that was done since it was last changed; returns its path. */
export async function compileHost(): Promise<string> {
	const host = join(WORK, "headless");
	if (existsSync(host) && statSync(host).mtimeMs > statSync(HOST_SOURCE).mtimeMs) return host;
	mkdirSync(dirname(host), { recursive: true });
	const { stdout: cflags } = await run("pkg-config", ["--cflags", "gio-2.0"]);
	const { stdout: libs } = await run("pkg-config", ["--libs", "gio-2.0"]);
	const words = (text: string) => text.trim().split(/\s+/);
	const folders = ["xs/includes", "xs/platforms", "xs/sources", "build/simulators/modules"];
	// The same definitions as in the SDK's make.lin.mk for a release build: the layout of the machine depends on them.
	const defines = ["_RELEASE=1", "XS_ARCHIVE=1", "INCLUDE_XSPLATFORM=1", 'XSPLATFORM="lin_xs.h"'];
	await run("gcc", [
		"-O2",
		"-Wall",
		...defines.map((define) => `-D${define}`),
		...folders.map((folder) => `-I${join(SDK, folder)}`),
		...words(cflags),
		HOST_SOURCE,
		"-o",
		host,
		...words(libs),
		"-ldl",
	]);
	return host;
}

/** A firmware that is running. */
export class Running {
	/** What it traced, line by line. */
	readonly lines: string[] = [];
	/** How it ended: the exit code, and what it said on stderr. */
	readonly ended: Promise<{ readonly code: number | null; readonly error: string }>;
	readonly #process;
	#error = "";
	#waiting: (() => void)[] = [];

	/** `under` is a program that watches it run, with its arguments, or nothing. */
	constructor(host: string, library: string, under: readonly string[] = []) {
		const [program = host, ...args] = [...under, host, library];
		this.#process = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
		createInterface(this.#process.stdout).on("line", (line) => {
			this.lines.push(line);
			for (const wake of this.#waiting.splice(0)) wake();
		});
		this.#process.stderr.on("data", (data: Buffer) => {
			this.#error += data;
		});
		this.ended = new Promise((done) => {
			this.#process.on("close", (code) => {
				done({ code, error: this.#error.trim() });
				for (const wake of this.#waiting.splice(0)) wake();
			});
		});
	}

	/** The first line from `from` on that matches; throws when the firmware ends, or `timeoutMs` are over, before. */
	async line(pattern: RegExp, timeoutMs = 20_000, from = 0): Promise<string> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const found = this.lines.slice(from).find((line) => pattern.test(line));
			if (found !== undefined) return found;
			const leftMs = deadline - Date.now();
			if (leftMs <= 0 || this.#process.exitCode !== null) {
				throw new Error(`no line matched ${pattern}:\n${this.lines.join("\n")}\n${this.#error}`);
			}
			await new Promise<void>((wake) => {
				const timer = setTimeout(wake, leftMs);
				this.#waiting.push(() => {
					clearTimeout(timer);
					wake();
				});
			});
		}
	}

	/** Collects garbage in the machine and tells what is left. */
	async memory(): Promise<Memory> {
		const from = this.lines.length;
		this.#process.kill("SIGUSR1");
		return parseMemory(await this.line(/^# memory /, 5_000, from));
	}

	/** Ends it, and tells how it ended. */
	stop(): Running["ended"] {
		this.#process.kill("SIGTERM");
		return this.ended;
	}
}

/** Starts a firmware that was built for `lin`, `under` a program that watches it or not. */
export async function runHeadless(firmware: Firmware, under: readonly string[] = []): Promise<Running> {
	const { library } = firmware;
	return new Running(await compileHost(), library, under);
}

/** Reads one line that the host prints about the machine. */
export function parseMemory(line: string): Memory {
	const values = new Map(line.split(" ").map((word) => word.split("=") as [string, string]));
	const value = (name: string) => Number(values.get(name));
	return {
		slots: value("slots"),
		slotBytes: value("slotBytes"),
		slotPeak: value("slotPeak"),
		chunkBytes: value("chunkBytes"),
		chunkPeak: value("chunkPeak"),
		keys: value("keys"),
	};
}
