// Stands in for the command `esptool`, in the spelling of version 4 or 5 (STAND_IN_VERSION), where it is not installed. The
// "port" is a file that holds the board's flash; what chip it is, its name says. Written from esptool's help and messages.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

const { STAND_IN_VERSION = "5", STAND_IN_LOG } = process.env;
const isDashed = STAND_IN_VERSION === "5";
const args = process.argv.slice(2);
if (STAND_IN_LOG) appendFileSync(STAND_IN_LOG, `${args.join(" ")}\n`);

function fail(why) {
	console.error(`\nA fatal error occurred: ${why}`);
	process.exit(2);
}

/** A word of esptool's, which only the right version knows. */
function known(word) {
	return (isDashed ? !word.includes("_") : !word.includes("-"))
		? word.replaceAll("_", "-")
		: fail(`invalid choice ${word}`);
}

if (args[0] === "version") {
	console.log(isDashed ? "esptool v5.2.0\n5.2.0" : "esptool.py v4.8.1\n4.8.1");
	process.exit(0);
}
console.log(isDashed ? "esptool v5.2.0" : "esptool.py v4.8.1");

const options = new Map();
while (args[0]?.startsWith("--")) options.set(args.shift(), args.shift());
const port = options.get("--port") ?? process.env.STAND_IN_PORT;
if (port === undefined) fail("Could not connect to an Espressif device on any of the 2 available serial ports.");
if (!["no-reset", "hard-reset"].includes(known(options.get("--after")))) fail("invalid choice of a reset");
if (!options.has("--port")) console.log(`Serial port /dev/ttyS0${isDashed ? ":" : ""}\n/dev/ttyS0 failed to connect`);
console.log(`Serial port ${port}${isDashed ? ":" : ""}`);
const cannot = (why) => fail(`Could not open ${port}, the port is busy or doesn't exist.\n(${why})\n`);
if (port.includes("locked")) cannot(`[Errno 13] could not open port ${port}: [Errno 13] Permission denied: '${port}'`);
if (port.includes("used")) cannot("Could not exclusively lock port: [Errno 11] Resource temporarily unavailable");
if (port.includes("silent")) fail("Failed to connect to ESP32: No serial data received.");
if (!existsSync(port)) cannot(`[Errno 2] could not open port ${port}: [Errno 2] No such file or directory: '${port}'`);
const chip = port.match(/esp32\w*/)?.[0] ?? "";
if (chip !== options.get("--chip")) fail(`This chip is ${chip.toUpperCase()}, not another. Wrong chip argument?`);

console.log(isDashed ? "MAC:                24:6f:28:AA:bb:cc" : "MAC: 24:6f:28:AA:bb:cc");

const flash = readFileSync(port);
const [verb = "", first = "", second = "", third = ""] = args;
const at = Number(first);
switch (known(verb)) {
	case "read-mac":
		break;
	case "read-flash":
		writeFileSync(third, flash.subarray(at, at + Number(second)));
		break;
	case "write-flash":
		flash.set(readFileSync(second), at);
		if (port.includes("worn")) flash[at + 100] ^= 1;
		writeFileSync(port, flash);
		break;
	case "verify-flash": {
		const bytes = readFileSync(second);
		if (!bytes.equals(flash.subarray(at, at + bytes.length)))
			fail(isDashed ? "Verification failed." : "Verify failed.");
		break;
	}
	case "erase-region":
		writeFileSync(port, flash.fill(0xff, at, at + Number(second)));
		break;
	default:
		fail(`invalid choice ${verb}`);
}
