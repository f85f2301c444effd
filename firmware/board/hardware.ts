import type { Hardware } from "../ports/board.js";
import { openAnalogInput } from "./analog-input.js";
import { openDigitalInput } from "./digital-input.js";
import { openDigitalOutput } from "./digital-output.js";
import { openI2c } from "./i2c-device.js";
import { openPwm } from "./pwm-output.js";
import { openSerial } from "./serial-port.js";

/** The pins and buses of the chip. */
export const chipHardware: Hardware = Object.freeze<Hardware>({
	digitalOutput: openDigitalOutput,
	digitalInput: openDigitalInput,
	analogInput: openAnalogInput,
	pwm: openPwm,
	i2c: openI2c,
	serial: openSerial,
});
