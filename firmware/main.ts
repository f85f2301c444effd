import { startEsp32 } from "./board/esp32.js";
import device from "./device.js";
import { run } from "./runtime/run.js";

// The only module that is not in flash when it runs: every function here would cost memory.
startEsp32(run, device);
