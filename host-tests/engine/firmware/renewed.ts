import { Esp32Board } from "../../../firmware/board/esp32.js";
import { loadSettings } from "../../../firmware/board/settings.js";
import device from "../../../firmware/device.js";
import { run } from "../../../firmware/runtime/run.js";
import { updates } from "../../../firmware/update/updates.js";

/** The reference device for a chip, and renewed from afar. */
run(new Esp32Board(), { ...device, updates: updates({ version: "1.0.0" }) }, loadSettings());
