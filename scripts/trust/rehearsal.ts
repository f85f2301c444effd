import { Fault, reasonOf } from "../../firmware/model/fault.js";
import { readSigned } from "../../firmware/runtime/command-document.js";
import { replaceableSettings } from "../../firmware/trust/credentials.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { nodeCrypto } from "../board/crypto.js";
import { pcText } from "../board/text.js";
import type { OwnerKey } from "./key-files.js";

/**
 * Reads a signed command as the device will, with the device's own code. Throws a Fault with the reason that the device
 * would give, as far as that can be known without it.
 */
export function rehearse(token: string, device: string, keys: readonly OwnerKey[], nowMs: number): void {
	const store = { get: () => undefined, set: () => undefined, delete: () => undefined };
	const clock = { monotonicMs: () => 0, wallMs: () => nowMs, setWallMs: () => undefined };
	const board = { clock, crypto: nodeCrypto, store, text: pcText };
	try {
		const signing = signedCommands({ settings: replaceableSettings });
		readSigned(signing.open(pcText.encode(token), { board, id: device, keys: keys.map(({ line }) => line) }));
	} catch (error) {
		throw new Fault("the command", reasonOf(error), "`README.md` shows what a command may hold");
	}
}
