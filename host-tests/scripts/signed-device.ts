import { signedCommands } from "../../firmware/trust/signed-commands.js";
import device from "./bench-device.js";

/** The test's device, when it takes signed commands only. */
export default { ...device, signing: signedCommands() };
