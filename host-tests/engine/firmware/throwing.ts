import { loadSettings } from "../../../firmware/board/settings.js";
import { SimulatorBoard } from "../../../firmware/board/simulator.js";
import type { Hardware } from "../../../firmware/ports/board.js";
import { Thrower } from "./thrower.js";

new Thrower(new SimulatorBoard(() => ({}) as Hardware), loadSettings().broker).start();
