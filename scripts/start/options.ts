import type { Encoding } from "../../firmware/model/document.js";
import { Fault } from "../../firmware/model/fault.js";
import { json } from "../../firmware/model/json.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import { isLoopback } from "../pki/names.js";
import { readTarget, type Target } from "./target.js";

/** What commander hands over: the words of the command line. */
export interface StartWords {
	readonly broker?: string;
	readonly ca?: string;
	readonly cert?: string;
	readonly key?: string;
	readonly pin?: readonly string[];
	readonly alpn?: string;
	readonly insecurePlain?: boolean;
	readonly devices: string;
	readonly for?: string;
	readonly port: string;
	readonly pagePort: string;
	readonly listen: string;
	readonly page: boolean;
	readonly id?: string;
	readonly encoding?: string;
}

export interface StartOptions {
	/** Somebody else's broker; undefined for our own. */
	readonly target: Target | undefined;
	readonly caPath: string | undefined;
	readonly devices: number;
	/** Run that long, then print a summary; undefined to run until stopped. */
	readonly forMs: number | undefined;
	readonly port: number;
	readonly pagePort: number;
	readonly listen: string;
	readonly page: boolean;
	readonly id: string | undefined;
	/** In place of the one that the device file says. */
	readonly encoding: Encoding | undefined;
}

/** Checks the words of the command line. Throws a Fault that says which one is wrong. */
export function readOptions(words: StartWords): StartOptions {
	for (const word of ["ca", "cert", "key", "pin", "alpn"] as const) {
		if (words.broker === undefined && words[word] !== undefined)
			throw new Fault(`--${word}`, "it belongs to --broker", "give both");
	}
	const target =
		words.broker === undefined
			? undefined
			: readTarget({ ...words, url: words.broker, insecurePlain: words.insecurePlain === true });
	if (words.id !== undefined && !/^[a-z0-9-]{1,28}$/.test(words.id)) {
		throw new Fault("--id", "it is no name for a topic", "use up to 28 small letters, digits and -");
	}
	return {
		target,
		caPath: words.ca,
		devices: whole("--devices", words.devices, 1, 100),
		forMs: words.for === undefined ? undefined : whole("--for", words.for, 1, 86_400) * 1_000,
		port: whole("--port", words.port, 0, 65_535),
		pagePort: whole("--page-port", words.pagePort, 0, 65_535),
		listen: words.listen,
		page: words.page,
		id: words.id,
		encoding: encodingOf(words.encoding),
	};
}

function encodingOf(word: string | undefined): Encoding | undefined {
	const found = [json, messagePack].find(({ id }) => id === word);
	if (word === undefined || found !== undefined) return found;
	throw new Fault("--encoding", `"${word}" is not json or msgpack`);
}

function whole(option: string, word: string, min: number, max: number): number {
	const value = /^\d+$/.test(word) ? Number(word) : Number.NaN;
	if (value >= min && value <= max) return value;
	throw new Fault(option, `"${word}" is not a whole number from ${min} to ${max}`);
}

/** What the owner should know before anything starts. */
export function warningsOf(options: StartOptions): string[] {
	const warnings: string[] = [];
	if (options.target !== undefined && options.target.roots === undefined) {
		warnings.push(
			"Warning: the connection to the broker is not encrypted; everybody on the way can read and change it.",
		);
	}
	if (options.target === undefined && !isLoopback(options.listen)) {
		warnings.push("The broker can be reached from your network; it wants a password and encrypts everything.");
	}
	return warnings;
}
