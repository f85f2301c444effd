import reference from "../../firmware/device.js";
import type { Signing } from "../../firmware/model/signing.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import type { OwnerKey } from "../../scripts/trust/key-files.js";
import { type CommandToSign, signCommand } from "../../scripts/trust/sign.js";
import { DeviceRig, type RigOptions } from "../runtime/rig.js";

/** The reference device, when it wants signed commands, with its owner beside it. */
export class SignedRig extends DeviceRig {
	constructor(keys: readonly OwnerKey[], signing: Signing = signedCommands(), options: RigOptions = {}) {
		const settings = { keys: keys.map(({ line }) => line) };
		super({ device: { ...reference, signing }, settings, crypto: nodeCrypto, ...options });
		this.start();
	}

	/** A signed command for this moment. */
	token(command: object, key: OwnerKey, more: Partial<CommandToSign> = {}): string {
		const nowMs = this.board.clock.wallMs() as number;
		return signCommand(key, { device: "greenhouse", command, nowMs, validS: 60, ...more });
	}

	/** Signs a command and sends it; returns what was sent. */
	send(command: object, key: OwnerKey, more: Partial<CommandToSign> = {}): string {
		const made = this.token(command, key, more);
		this.publish("command", made);
		return made;
	}

	results(): Record<string, unknown>[] {
		return this.json("result");
	}
}
