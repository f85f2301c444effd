import { Fault, reasonOf } from "../../firmware/model/fault.js";
import { readSigned } from "../../firmware/runtime/command-document.js";
import { replaceableSettings } from "../../firmware/trust/credentials.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { nodeCrypto } from "../board/crypto.js";
import { pcText } from "../board/text.js";
import type { OwnerKey } from "./key-files.js";

/** Where and when a command is to be read. */
export interface Rehearsal {
	/** The device's name in topics. */
	readonly device: string;
	readonly keys: readonly OwnerKey[];
	readonly nowMs: number;
	/** It is for a device whose settings can be replaced, which takes longer ones. */
	readonly settings: boolean;
}

/**
 * Reads a signed command as the device will, with the device's own code. Throws a Fault with the reason that the device
 * would give, as far as that can be known without it.
 */
export function rehearse(token: string, { device, keys, nowMs, settings: replaces }: Rehearsal): void {
	const store = { get: () => undefined, set: () => undefined, delete: () => undefined };
	const clock = { monotonicMs: () => 0, wallMs: () => nowMs, setWallMs: () => undefined };
	const board = { clock, crypto: nodeCrypto, store, text: pcText };
	const settings = { broker: { host: "", port: 0, tls: { roots: [] } } }; // those of the device are not known here
	const needs = { board, id: device, device: {}, settings, keys: keys.map(({ line }) => line) };
	try {
		const signing = signedCommands(replaces ? { settings: replaceableSettings } : {});
		const { warrant } = readSigned(signing.open(pcText.encode(token), needs));
		const why = replaces ? warrant?.objection() : undefined;
		if (why !== undefined) throw new Error(why);
	} catch (error) {
		throw new Fault("the command", reasonOf(error), "`README.md` shows what a command may hold");
	}
}
