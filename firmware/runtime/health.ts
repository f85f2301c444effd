import type { Device } from "../model/device.js";
import type { Link } from "../net/link.js";
import type { Board } from "../ports/board.js";
import { quote } from "./entities/entity.js";
import { type OutboxReport, outboxJson } from "./outbox-report.js";
import { VERSION } from "./version.js";

/** What `health` tells beside what the board and the link know themselves. */
export interface HealthCounts {
	readonly outbox: OutboxReport;
	readonly refused: number;
	readonly faults: number;
	/** Names of the entities whose sensors do not answer. */
	readonly stale: readonly string[];
}

/** The payload of `health`. */
export function healthJson(board: Board, link: Link, counts: HealthCounts): string {
	const { state, connects, failures, lastError } = link;
	const error = lastError === undefined ? "null" : quote(lastError);
	const clock = board.clock.wallMs() === undefined ? "unknown" : "known";
	return (
		`{"uptimeS":${Math.floor(board.clock.monotonicMs() / 1_000)},"reset":"${board.resetReason}"` +
		`,"target":${quote(board.target)},"farpin":"${VERSION}"` +
		`,"link":{"state":"${state}","connects":${connects},"failures":${failures},"lastError":${error}}` +
		`,"signalDbm":${board.network.signalDbm ?? null},"freeBytes":${board.freeBytes() ?? null},"clock":"${clock}"` +
		`,"outbox":${outboxJson(counts.outbox)}` +
		`,"refused":${counts.refused},"faults":${counts.faults}` +
		`,"stale":[${counts.stale.map(quote).join(",")}]}`
	);
}

/** The payload of `about`. Always JSON: it is where a stranger learns what the rest is written in. */
export function aboutJson(board: Board, device: Device, id: string): string {
	return (
		`{"id":"${id}","name":${quote(device.name)},"farpin":"${VERSION}","contract":1,"encoding":"${device.encoding.id}","target":${quote(board.target)}` +
		`,"telemetryMs":${device.telemetryEveryMs},"entities":${device.entitiesJson}}`
	);
}
