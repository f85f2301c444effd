import type { Device } from "../../firmware/model/device.js";
import type { Owner } from "../start/observer.js";
import { allOwnerKeys, type OwnerKey, signingOwnerKey } from "./key-files.js";
import { openMessage } from "./open.js";
import { signCommand } from "./sign.js";

const VALID_S = 60;

/** Whoever has the keys in `folder`, to the device that is called `id`. */
export function ownerOf({ signing }: Device, id: string, folder: string): Owner {
	const keys = allOwnerKeys(folder);
	const key = signingOwnerKey(keys);
	return {
		sign(command) {
			if (signing === undefined || key === undefined) return JSON.stringify(command);
			return signCommand(key, { device: id, command, nowMs: Date.now(), validS: VALID_S });
		},
		open: openerWith(keys),
	};
}

/** Opens what devices say, with these keys. */
export function openerWith(keys: readonly OwnerKey[]): Owner["open"] {
	return (topic, payload) => {
		try {
			return openMessage(payload, topic, keys).payload;
		} catch {
			return payload; // which counts as nothing
		}
	};
}
