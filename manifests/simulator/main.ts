import { startSimulator } from "../../firmware/board/simulator.js";
import device from "../../firmware/device.js";
import { run } from "../../firmware/runtime/run.js";
import { SimulatedHardware } from "./hardware.js";

// The simulators' drawing surface, some eighty slots of memory that no chip has.
delete (globalThis as { screen?: unknown }).screen;
startSimulator(run, device, new SimulatedHardware(device.parts));
