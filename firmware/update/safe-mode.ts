import type { Device } from "../model/device.js";
import type { Board } from "../ports/board.js";

const CRASHES = "crashes";
/** So often in a row, each time before it had run for five minutes, and the device starts without its parts. */
export const CRASHES_MAX = 5;
/** A start that lasted this long was a good one. */
export const STEADY_MS = 300_000;
/** A device in safe mode tries once an hour whether it can do more. */
export const RETRY_MS = 3_600_000;

/**
 * What is to start: the device, or, when it has crashed again and again, a device without parts and rules, which still
 * speaks MQTT and takes updates. Its outputs are put into their safe states, and stay there. Switching the power off and
 * on, or a restart that was asked for, tries all of it again.
 */
export function chooseStart(board: Board, device: Device): Device {
	if (countCrashes(board) < CRASHES_MAX) return device;
	for (const { definition } of device.parts) {
		try {
			if (definition.kind === "switch" || definition.kind === "light") definition.open(board.hardware);
		} catch {
			// It may be what crashes the device; the others are to be safe all the same.
		}
	}
	return { ...device, parts: [], rules: [] };
}

/** Whether this start is one of a device without its parts. */
export function isSafeMode(board: Board): boolean {
	return crashesOf(board) >= CRASHES_MAX;
}

/** This start was a good one. Writes to flash only when those before it were not. */
export function forgetCrashes(board: Board): void {
	if (crashesOf(board) > 0) board.store.delete(CRASHES);
}

function countCrashes(board: Board): number {
	const { resetReason } = board;
	try {
		if (resetReason !== "crash" && resetReason !== "watchdog") forgetCrashes(board);
		else board.store.set(CRASHES, String(Math.min(crashesOf(board) + 1, CRASHES_MAX)));
	} catch {
		// Without flash nobody counts, and the device does what it can.
	}
	return crashesOf(board);
}

function crashesOf(board: Board): number {
	try {
		return Number(board.store.get(CRASHES)) || 0;
	} catch {
		return 0;
	}
}
