import type { Sightings } from "./observer.js";
import type { LinkReport } from "./simulated-device.js";

export interface Report {
	readonly id: string;
	readonly seen: Sightings;
	readonly link: LinkReport;
}

/** What failed, a sentence each; empty when the device came online, telemetry arrived and a command was answered. */
export function failuresOf({ id, seen, link }: Report): string[] {
	if (seen.onlineMs === undefined && link.state === "online") {
		const why = link.lastError === undefined ? "" : ` (${link.lastError})`;
		return [
			`${id} is online, and yet nothing of it is to be seen: look at what it may publish, and this user read${why}.`,
		];
	}
	if (seen.onlineMs === undefined) {
		const why = link.lastError ?? seen.error ?? `its link is still at "${link.state}"`;
		return [`${id} did not come online: ${why}.`];
	}
	const failures: string[] = [];
	if (seen.telemetry === 0) failures.push(`No telemetry of ${id} arrived at the broker.`);
	if (seen.refusal !== undefined) failures.push(`${id} did not carry out the command (${seen.refusal}).`);
	else if (seen.roundTripMs === undefined) failures.push(`${id} did not answer a command sent through the broker.`);
	return failures;
}

/** One page for people. */
export function summary(reports: readonly Report[], ranMs: number): string {
	const failures = reports.flatMap(failuresOf);
	const lines = ["", `Summary of ${Math.round(ranMs / 1_000)} s`];
	for (const { id, seen } of reports) {
		lines.push(
			"",
			id,
			`  online             ${seen.onlineMs === undefined ? "no" : `after ${(seen.onlineMs / 1_000).toFixed(1)} s`}`,
		);
		lines.push(`  telemetry          ${plural(seen.telemetry, "message")} with ${plural(seen.samples, "sample")}`);
		lines.push(
			`  command and result ${seen.roundTripMs === undefined ? "no" : `${seen.roundTripMs.toFixed(0)} ms there and back`}`,
		);
	}
	lines.push("", ...(failures.length === 0 ? ["Everything works."] : failures));
	return lines.join("\n");
}

function plural(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`;
}
