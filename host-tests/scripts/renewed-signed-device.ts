import { sealedMessages } from "../../firmware/trust/envelopes.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import device from "./renewed-device.js";

/** The same device, when it trusts no broker. */
export default { ...device, signing: signedCommands(), envelope: sealedMessages({ key: "reader" }) };
