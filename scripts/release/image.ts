import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Fault, reasonOf } from "../../firmware/model/fault.js";
import { projectFolder } from "../places.js";

/** Chips that can be renewed, and the board that the SDK builds for unless another is named. */
const BOARDS: ReadonlyMap<string, string> = new Map([
	["esp32", "esp32/nodemcu"],
	["esp32c3", "esp32/esp32c3_cdc"],
	["esp32s3", "esp32/esp32s3"],
]);
const IMAGE_MAGIC = 0xe9; // esp_image_header_t

export interface ImageWords {
	/** A file that was built already. */
	readonly image?: string;
	/** The SDK's name of the board, `esp32/nodemcu`. */
	readonly board?: string;
	/** Makes an image without settings, for boards that were given theirs. */
	readonly withoutSettings?: boolean;
}

/** What is to be released for this chip: the file that was named, or what the SDK makes of the firmware. */
export async function releaseImage(target: string, words: ImageWords): Promise<Uint8Array> {
	const board = words.board ?? BOARDS.get(target);
	if (board === undefined)
		throw new Fault(target, "no such chip can be renewed", `take one of ${[...BOARDS.keys()].join(", ")}`);
	if (words.image !== undefined && words.withoutSettings === true)
		throw new Fault(
			"--without-settings",
			"an image that is built already has what it has",
			"leave out --image, or this",
		);
	const path = words.image ?? (await compile(target, board, words));
	if (!existsSync(path)) throw new Fault(path, "there is no such file", "name the image that was built");
	const image = readFileSync(path);
	if (image[0] === IMAGE_MAGIC) return new Uint8Array(image);
	throw new Fault(path, "it is no image for an ESP32", "take the xs_esp32.bin that the SDK made");
}

/** Builds the modules, and has the SDK and ESP-IDF make an image of them. Resolves to its path. */
async function compile(target: string, board: string, { withoutSettings }: ImageWords): Promise<string> {
	const { MODDABLE, IDF_PATH } = process.env;
	if (MODDABLE === undefined || IDF_PATH === undefined) {
		const why = `${MODDABLE === undefined ? "MODDABLE" : "IDF_PATH"} is not set, so nothing here can make an image`;
		throw new Fault("release", why, "set up the SDK and ESP-IDF, or name an image with --image");
	}
	// Imported here because the bundler and the compiler behind it take longer to load than most commands to run.
	const { build } = await import("../build/build.js");
	await build(target, { withoutSettings });
	const manifest = resolve(projectFolder, "manifests", target, "manifest.json");
	try {
		await promisify(execFile)("mcconfig", ["-m", "-t", "build", "-p", board, manifest], { maxBuffer: 1 << 26 });
	} catch (error) {
		throw new Fault("mcconfig", reasonOf(error), `try it by itself: mcconfig -m -t build -p ${board} ${manifest}`);
	}
	// mcconfig calls a firmware as the folder of its manifest is called.
	return join(MODDABLE, "build", "bin", board, "release", target, "xs_esp32.bin");
}
