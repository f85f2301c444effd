import { resolve } from "node:path";
import type { Command } from "commander";
import { Fault } from "../../firmware/model/fault.js";
import { isId } from "../../firmware/model/names.js";
import { type BuildSettings, readSettings } from "../build/settings.js";
import { warningOf } from "../build/warnings.js";
import { cloudFaults, SETTINGS_FILE } from "../cloud-settings.js";
import { loadDevice } from "../device-file.js";
import { eraseKept, writeSettings } from "./board.js";
import { hex, ourPartition } from "./partitions.js";
import { settingsImage } from "./settings-image.js";
import { eraseSimulator, putIntoSimulator, STORAGE, writeImage } from "./simulator.js";

const CHIPS = ["esp32", "esp32c3", "esp32s3"];
const SIMULATOR = "simulator";

interface ProvisionWords {
	readonly settings: string;
	readonly device: string;
	readonly id?: string;
	readonly port?: string;
	readonly image?: string;
	readonly erase?: boolean;
}

/** The command that puts settings onto a board over USB. */
export function addProvision(program: Command, deviceFile: string): void {
	program
		.command("provision")
		.description("put settings onto a board over USB, in place of those of its firmware")
		.argument("<target>", `${CHIPS.join(", ")} or ${SIMULATOR}`)
		.option("--settings <file>", "the settings", SETTINGS_FILE)
		.option("--id <id>", "the device's name in topics, in place of that in the settings")
		.option("--port <port>", "where the board is, such as /dev/ttyUSB0; the first that is found unless given")
		.option("--image <file>", "write what is to be put onto the board to this file instead")
		.option(
			"--erase",
			"take everything off the board that its device keeps there: settings, notes, what is not sent yet",
		)
		.option("--device <file>", "the device", deviceFile)
		.action(provision);
}

async function provision(target: string, words: ProvisionWords): Promise<void> {
	if (!CHIPS.includes(target) && target !== SIMULATOR)
		throw new Fault(target, "there is no such target", `take one of ${[...CHIPS, SIMULATOR].join(", ")}`);
	if (words.erase === true) await erase(target, words);
	else await put(target, words);
}

async function put(target: string, words: ProvisionWords): Promise<void> {
	const settings = await settingsOf(target, words);
	const place = ourPartition("settings");
	const image = settingsImage(settings, place.size);
	const name = settings.id ?? "a device that is called by its board's MAC address";
	if (words.image !== undefined) {
		writeImage(words.image, image);
		console.log(`Settings of ${name}: ${words.image} holds secrets, and belongs to ${hex(place.offset)} of the flash.`);
		console.log(`esptool --chip ${target} write-flash ${hex(place.offset)} ${words.image}`);
	} else if (target === SIMULATOR) {
		putIntoSimulator(STORAGE, image);
		console.log(`Settings of ${name}: the simulator works with them from its next start on.`);
	} else {
		const { port, mac } = await writeSettings({ chip: target, port: words.port }, image);
		const called = settings.id ?? mac ?? name;
		console.log(`Settings of ${called}: on the board at ${port}, which has compared them and works with them now.`);
	}
}

async function settingsOf(target: string, { settings: path, id, device }: ProvisionWords): Promise<BuildSettings> {
	if (id !== undefined && !isId(id))
		throw new Fault("--id", `"${id}" is no name for a device`, "use 1 to 32 of a-z, 0-9 and -");
	const settings = readSettings(resolve(path), { wifi: target !== SIMULATOR });
	const [fault] = cloudFaults(await loadDevice(device, { unchecked: true }), settings);
	if (fault !== undefined) throw fault;
	const warning = warningOf(settings);
	if (warning !== undefined) console.warn(warning);
	if (settings.releaseKeys?.length)
		console.warn('Warning: "updates.keys" belong to the firmware, and are not put onto the board: build with them.');
	return id === undefined ? settings : { ...settings, id };
}

async function erase(target: string, { port, image }: ProvisionWords): Promise<void> {
	if (image !== undefined) throw new Fault("--erase", "there is an --image as well", "give one");
	if (target === SIMULATOR) {
		eraseSimulator(STORAGE);
		console.log("What the simulator kept is gone.");
		return;
	}
	const found = await eraseKept({ chip: target, port });
	console.log(
		`What the device kept on the board at ${found.port} is gone: settings, notes, and what was not sent yet.`,
	);
	console.log(
		"Settings that its firmware was built with are still in there: flash one that was built --without-settings.",
	);
}
