import type { UpdateHost } from "../model/updates.js";
import type { FirmwareSlots } from "../ports/slots.js";
import { Refused } from "../security/refused.js";
import { type Release, readRelease } from "./release.js";
import { versionNumber } from "./version.js";

/** The device that a release is meant to run on. */
export interface Place {
	readonly device: string;
	readonly target: string;
	/** The version that runs now. */
	readonly version: string;
	/** Room for an image, bytes. */
	readonly room: number;
	/** When the last release was signed that was tried here, seconds since 1970; 0 for none. */
	readonly floor: number;
	/** When the firmware that runs now was built, milliseconds since 1970. */
	readonly builtMs: number;
}

/** The release of a signed manifest, if it may take the place of what runs; `floor` as in `Place`. Throws why not. */
export function admit(
	manifest: string,
	{ board, device, releaseBudget, trust }: UpdateHost,
	{ room }: FirmwareSlots,
	version: string,
	floor: number,
): Release {
	const release = readRelease(manifest, trust.keys, board, releaseBudget);
	const place = { device: device.name, target: board.target, version, room, floor, builtMs: trust.builtMs };
	const fault = admissionFault(release, place);
	if (fault !== undefined) throw new Refused(fault);
	return release;
}

/** Why this release may not take the place of what runs, in plain words, or undefined. Its signature is checked before. */
export function admissionFault(release: Release, place: Place): string | undefined {
	const { device, target, version, size, issued, older } = release;
	if (device !== place.device) return `it is for the device "${device}", and this is "${place.device}"`;
	if (target !== place.target) return `it is for the target ${target}, and this is ${place.target}`;
	if (size > place.room) return `its ${size} bytes are more than the ${place.room} that there is room for`;
	if (issued <= place.floor) return "it was signed no later than the release that was tried here last: sign it anew";
	if (issued * 1_000 < place.builtMs) return "it was signed before the firmware was built that runs here: sign it anew";
	return older ? undefined : versionFault(version, place.version);
}

function versionFault(version: string, running: string): string | undefined {
	if (version === running) return `${version} is what runs here already`;
	const isNewer = (versionNumber(version) ?? 0) > (versionNumber(running) ?? 0);
	return isNewer ? undefined : `${version} is older than ${running}, which runs here, and its maker did not allow that`;
}
