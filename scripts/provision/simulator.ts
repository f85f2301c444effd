import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectFolder } from "../places.js";

/** What stands in for the flash of the simulator that `npm run build` makes: see scripts/build/manifest.ts. */
export const STORAGE = resolve(projectFolder, "build", "simulator", "storage");

/** Puts an image of settings where a simulator has its flash, in place of any before. */
export function putIntoSimulator(storage: string, image: Uint8Array): void {
	mkdirSync(storage, { recursive: true });
	writeImage(join(storage, "settings.flash"), image);
}

/** Takes away all that a simulator keeps. */
export function eraseSimulator(storage: string): void {
	rmSync(storage, { recursive: true, force: true });
	mkdirSync(storage, { recursive: true });
}

/** Readable by its owner only, also where the file was there before. */
export function writeImage(path: string, image: Uint8Array): void {
	rmSync(path, { force: true });
	writeFileSync(path, image, { mode: 0o600 });
}
