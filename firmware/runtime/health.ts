import type { Device } from "../model/device.js";
import type { Link } from "../net/link.js";
import { STAGES } from "../net/stages.js";
import type { Board } from "../ports/board.js";
import { endOf } from "../security/validity.js";
import { quote } from "./entities/entity.js";
import { type OutboxReport, outboxJson } from "./outbox-report.js";
import { VERSION } from "./version.js";

const DAY_MS = 86_400_000;

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
	const clock = board.clock.wallMs() === undefined ? "unknown" : "known";
	return (
		`{"uptimeS":${Math.floor(board.clock.monotonicMs() / 1_000)},"reset":"${board.resetReason}"` +
		`,"target":${quote(board.target)},"farpin":"${VERSION}"` +
		`,"link":${linkJson(link)}` +
		certificatesJson(board, link) +
		`,"signalDbm":${board.network.signalDbm ?? null},"freeBytes":${board.freeBytes() ?? null},"clock":"${clock}"` +
		`,"outbox":${outboxJson(counts.outbox)}` +
		`,"refused":${counts.refused},"faults":${counts.faults}` +
		`,"stale":[${counts.stale.map(quote).join(",")}]}`
	);
}

/** Where the link is, since when (seconds since the start), and what went wrong last, where, and how often in each stage. */
function linkJson(link: Link): string {
	const { state, sinceMs, connects, failures, lastError, failedStage, cause, brokers } = link;
	const error = lastError === undefined ? "null" : quote(lastError);
	const stages = STAGES.map((stage) => `"${stage}":${link.failuresIn(stage)}`).join(",");
	return (
		`{"state":"${state}","sinceS":${Math.floor(sinceMs / 1_000)},"broker":${brokers.index},"connects":${connects}` +
		`,"failures":${failures},"lastError":${error},"stage":${word(failedStage)},"cause":${word(cause)}` +
		`,"failed":{${stages}}}`
	);
}

/** Days until the broker's certificates expire, the first that its chain depends on, and the first of the roots; over TLS only. */
function certificatesJson({ clock, network }: Board, { brokers }: Link): string {
	const nowMs = clock.wallMs();
	const { tls } = brokers.address;
	if (tls === undefined || nowMs === undefined) return "";
	const rootMs = tls.roots.reduce((first, root) => Math.min(first, endsMs(root)), Number.POSITIVE_INFINITY);
	return `,"chainDays":${days(network.trustEndsMs, nowMs)},"rootDays":${days(rootMs, nowMs)}`;
}

function days(endMs: number | undefined, nowMs: number): number | null {
	return endMs === undefined || !Number.isFinite(endMs) ? null : Math.floor((endMs - nowMs) / DAY_MS);
}

function endsMs(root: Uint8Array): number {
	try {
		return endOf(root);
	} catch {
		return Number.POSITIVE_INFINITY; // it opens no connection either, and that is told elsewhere
	}
}

function word(text: string | undefined): string {
	return text === undefined ? "null" : `"${text}"`;
}

/** The payload of `about`. Always JSON: it is where a stranger learns what the rest is written in. */
export function aboutJson(board: Board, device: Device, id: string): string {
	const signed = device.signing === undefined ? "" : `,"signed":${signedJson(device)}`;
	const firmware = device.updates === undefined ? "" : `,"firmware":"${device.updates.version}"`;
	return (
		`{"id":"${id}","name":${quote(device.name)},"farpin":"${VERSION}"${firmware},"contract":1,"encoding":"${device.encoding.id}","target":${quote(board.target)}` +
		`,"telemetryMs":${device.telemetryEveryMs}${signed},"entities":${device.entitiesJson}}`
	);
}

/** What takes signed commands only: the names of entities, or `true` for everything. */
function signedJson({ signing, parts }: Device): string {
	if (signing?.only === undefined) return "true";
	return JSON.stringify(parts.map(({ id }) => id).filter((id) => signing.wants(id)));
}
