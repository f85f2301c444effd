import { relay } from "../../firmware/drivers/relay.js";
import { defineDevice } from "../../firmware/model/device.js";
import { seconds } from "../../firmware/model/units.js";
import { updates } from "../../firmware/update/updates.js";

/** A device that is renewed from afar, and proves itself quickly. */
export function renewedDevice(version: string) {
	return defineDevice({
		name: "Renewed",
		updates: updates({ version, steady: seconds(1), within: seconds(20) }),
		entities: { pump: relay({ pin: 26 }) },
	});
}

export default renewedDevice("1.1.0");
