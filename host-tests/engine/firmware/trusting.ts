import { startSimulator } from "../../../firmware/board/simulator.js";
import device from "../../../firmware/device.js";
import { run } from "../../../firmware/runtime/run.js";
import { replaceableSettings } from "../../../firmware/trust/credentials.js";
import { sealedMessages } from "../../../firmware/trust/envelopes.js";
import { signedCommands } from "../../../firmware/trust/signed-commands.js";
import { SimulatedHardware } from "../../../manifests/simulator/hardware.js";

// The reference device, when it trusts no broker: its commands are signed, and what it says is sealed.
delete (globalThis as { screen?: unknown }).screen;
const trusting = {
	...device,
	signing: signedCommands({ settings: replaceableSettings }),
	envelope: sealedMessages({ key: "reader" }),
};
startSimulator(run, trusting, new SimulatedHardware(device.parts));
