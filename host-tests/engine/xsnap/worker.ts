import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";

const PLATFORMS: Readonly<Record<string, string>> = { linux: "lin", darwin: "mac" };
/** Between what the engine tells of itself and the answer, in a reply. */
const SEPARATOR = 1;

/** An answer from XS, and what the engine tells of itself with it. */
export interface Reply {
	readonly text: string;
	/** What the command cost: bytecodes and allocations, as XS counts them. The same each time. */
	readonly compute: number;
	/** Slots in use; after a collection, those that are alive. */
	readonly slots: number;
}

/** Where the package's build puts the engine, or undefined where the package is not installed. */
function enginePath(): string | undefined {
	try {
		const root = dirname(createRequire(import.meta.url).resolve("@agoric/xsnap/package.json"));
		const platform = PLATFORMS[process.platform] ?? process.platform;
		return join(root, "xsnap-native/xsnap/build/bin", platform, "release/xsnap-worker");
	} catch {
		return undefined;
	}
}

/** Why XS cannot be run here, or undefined when it can. */
export function whyNoXs(): string | undefined {
	if (PLATFORMS[process.platform] === undefined) return "@agoric/xsnap has no engine for Windows";
	const path = enginePath();
	if (path === undefined) return "the optional package @agoric/xsnap is not installed (it needs a C compiler)";
	return existsSync(path) ? undefined : "@agoric/xsnap is installed, but its engine could not be compiled";
}

/**
 * XS in a process of its own. Speaks the protocol of xsnap-worker.c: netstrings on file descriptors 3 and 4, one command
 * at a time. The package's own JavaScript is not used, because it brings a whole secure runtime with it.
 */
export class XsWorker {
	private readonly process: ChildProcess;
	private readonly toWorker: Writable;
	private received: Buffer = Buffer.alloc(0);
	private waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
	private errors = "";

	/** `under` is a program that watches the engine run, with its arguments, or nothing. */
	constructor(under: readonly string[] = []) {
		const path = enginePath();
		if (path === undefined) throw new Error(whyNoXs());
		const [program = path, ...args] = [...under, path, "-i", "1"];
		this.process = spawn(program, args, { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] });
		const [, , errors, toWorker, fromWorker] = this.process.stdio;
		this.toWorker = toWorker as Writable;
		this.toWorker.on("error", () => undefined); // the exit that follows tells more
		(errors as Readable).on("data", (bytes: Buffer) => {
			this.errors += bytes;
		});
		(fromWorker as Readable).on("data", (bytes: Buffer) => this.receive(bytes));
		this.process.on("close", (code) => {
			this.waiting?.reject(new Error(`XS ended with code ${code}: ${this.errors.trim()}`));
			this.waiting = undefined;
		});
	}

	/** Runs a script. Its value is the text of the reply where it is an ArrayBuffer. */
	evaluate(source: string): Promise<Reply> {
		return this.send("e", source);
	}

	/** Calls the global function `handleCommand` of the program with the text's bytes. */
	command(text: string): Promise<Reply> {
		return this.send("?", text);
	}

	/** Ends the process. */
	close(): Promise<void> {
		return new Promise((done) => {
			this.process.on("exit", () => done());
			this.toWorker.end(netstring("q"));
		});
	}

	private send(kind: "e" | "?", text: string): Promise<Reply> {
		if (this.waiting !== undefined) throw new Error("XS is still busy with the last command");
		return new Promise((resolve, reject) => {
			this.waiting = { resolve, reject };
			this.toWorker.write(netstring(kind + text));
		});
	}

	private receive(bytes: Buffer): void {
		this.received = Buffer.concat([this.received, bytes]);
		const colon = this.received.indexOf(":");
		if (colon < 0) return;
		const length = Number(this.received.toString("latin1", 0, colon));
		if (this.received.length < colon + 1 + length + 1) return;
		const payload = this.received.subarray(colon + 1, colon + 1 + length);
		this.received = this.received.subarray(colon + 1 + length + 1);
		const waiting = this.waiting;
		this.waiting = undefined;
		if (payload[0] === ".".charCodeAt(0)) waiting?.resolve(parseReply(payload));
		else waiting?.reject(new Error(`XS: ${payload.toString("utf8", 1)}`));
	}
}

function netstring(text: string): Buffer {
	const bytes = Buffer.from(text);
	return Buffer.concat([Buffer.from(`${bytes.length}:`), bytes, Buffer.from(",")]);
}

function parseReply(payload: Buffer): Reply {
	const end = payload.indexOf(SEPARATOR);
	const told = JSON.parse(payload.toString("utf8", 1, end)) as { currentHeapCount: number; compute: number };
	return { text: payload.toString("utf8", end + 1), compute: told.compute, slots: told.currentHeapCount };
}
