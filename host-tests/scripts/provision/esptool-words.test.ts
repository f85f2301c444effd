import { expect, test } from "vitest";
import { faultOf } from "../../../scripts/provision/esptool-words.js";

const ASKED = { chip: "esp32", port: "/dev/ttyUSB0", command: "read-flash" };

// What esptool 4.8.1 and 5.2.0 print.
test.each([
	[
		"(Errno 13) could not open port: [Errno 13] Permission denied: '/dev/ttyUSB0'",
		"you may not open it; on Linux, join the group",
	],
	[
		"Could not open /dev/ttyUSB0, the port is busy or doesn't exist.\n([Errno 2] could not open port",
		"there is no such port",
	],
	[
		"could not open port 'COM3': FileNotFoundError(2, 'The system cannot find the file specified.')",
		"there is no such port",
	],
	["could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)", "another program uses it"],
	[
		"Could not exclusively lock port /dev/ttyUSB0: [Errno 11] Resource temporarily unavailable",
		"another program uses it",
	],
	[
		"A fatal error occurred: Could not connect to an Espressif device on any of the 3 available serial ports.",
		"no board was found",
	],
	[
		"A fatal error occurred: This chip is ESP32-C3 not ESP32. Wrong --chip argument?",
		"it has another chip: ESP32-C3; name",
	],
	[
		"A fatal error occurred: This chip is ESP32-C3, not ESP32. Wrong chip argument?",
		"it has another chip: ESP32-C3; name",
	],
	["A fatal error occurred: Failed to connect to ESP32: No serial data received.", "the chip does not answer"],
	[
		"A fatal error occurred: MD5 of file does not match data in flash!",
		"what was written is not what is in the flash now",
	],
	["A fatal error occurred: Verify failed.", "what was written is not what is in the flash now"],
	[
		"A fatal error occurred: Verification failed (digest mismatch).",
		"what was written is not what is in the flash now",
	],
])("says of %j why, and what helps", (output, expected) => {
	const { message } = faultOf(`esptool v5.2.0\nConnecting....\n${output}\n`, ASKED);
	expect(message).toContain(`The board at /dev/ttyUSB0: ${expected}`);
	expect(message).not.toContain("\n");
});

test("passes on what it does not know: the line that tells of an error, without colours", () => {
	const { message } = faultOf(
		"esptool v5.2.0\n\u001b[31mA fatal error occurred: Something else\u001b[0m\nhint\n",
		ASKED,
	);
	expect(message).toBe(
		"The board at /dev/ttyUSB0: esptool's read-flash failed: A fatal error occurred: Something else; try esptool by itself",
	);
	expect(faultOf("", { ...ASKED, port: undefined }).message).toContain(
		"The board with an esp32: esptool's read-flash failed: it said nothing",
	);
});
