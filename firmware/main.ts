import { Esp32Board } from "./board/esp32.js";
import { loadSettings } from "./board/settings.js";
import device from "./device.js";
import { run } from "./runtime/run.js";

// The only module that is not in flash when it runs: every function here would cost memory.
run(new Esp32Board(), device, loadSettings());
