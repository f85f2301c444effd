import { startEsp32 } from "../../../firmware/board/esp32.js";
import device from "../../../firmware/device.js";
import { run } from "../../../firmware/runtime/run.js";
import { updates } from "../../../firmware/update/updates.js";

/** The reference device for a chip, and renewed from afar. */
startEsp32(run, { ...device, updates: updates({ version: "1.0.0" }) });
