import type { Message } from "../../firmware/mqtt/session.js";
import { Session } from "../../firmware/mqtt/session.js";
import type { SessionEnd, SessionHandler } from "../../firmware/mqtt/types.js";
import type { Clock } from "../../firmware/ports/clock.js";
import type { Stream } from "../../firmware/ports/network.js";
import type { Text } from "../../firmware/ports/text.js";
import { type Bytes, DISCONNECT, hex, PINGRESP, PUBLISH, PUBREC, packet, seeded } from "./malformed-bytes.js";
import {
	type Case,
	IDS,
	RECEIVE_BYTES_MAX,
	rightPacket,
	type Scene,
	TOPIC_ALIAS_MAX,
	type Verdict,
} from "./malformed-case.js";
import type { Version } from "./malformed-spec.js";

/** What every scene begins with, made once: there are as many beginnings as there are sequences and chunkings. */
const BEGINNINGS = { 4: beginningOf(4), 5: beginningOf(5) };

function beginningOf(version: Version) {
	return {
		connack: rightPacket(2, version),
		pubrec: rightPacket(PUBREC, version, { id: IDS.pubcomp }),
		publish: rightPacket(PUBLISH, version, { qos: 2, id: IDS.pubrel }),
	};
}

/** A session that is played to, on any engine, and everything that can be seen of it. */
export class Stage implements Stream, SessionHandler, Clock {
	readonly heard: string[] = [];
	readonly sent: string[] = [];
	readonly ends: SessionEnd[] = [];
	closed = 0;
	private readonly session: Session;

	constructor(version: Version, scene: Scene, text: Text) {
		const options = {
			...{ clientId: "dev", keepAliveS: 60, inFlightMax: 4 },
			...{ receiveBytesMax: RECEIVE_BYTES_MAX, sendBytesMax: 256, topicAliasMax: TOPIC_ALIAS_MAX },
		};
		this.session = new Session(options, this, text, this);
		this.session.open(this, version);
		this.session.onOpen();
		if (scene !== "connecting") this.play(BEGINNINGS[version].connack);
		if (scene === "busy" || scene === "leaving") this.begin(version, scene);
		this.heard.length = 0;
		this.sent.length = 0;
	}

	/** One of everything under way, as `IDS` says. */
	private begin(version: Version, scene: Scene): void {
		const { session } = this;
		session.publish("t", "", 1, false, IDS.puback);
		session.publish("t", "", 2, false, IDS.pubrec);
		session.publish("t", "", 2, false, IDS.pubcomp);
		if (scene === "busy") session.subscribe(["s"], 2);
		else session.unsubscribe(["s"]);
		this.play(BEGINNINGS[version].pubrec);
		this.play(BEGINNINGS[version].publish);
	}

	/** Bytes arrive, in a buffer that is taken away afterwards. */
	play(bytes: Bytes): void {
		const lent = new Uint8Array(bytes.length + 3).fill(0xee);
		lent.set(bytes);
		this.session.onData(lent, bytes.length);
		lent.fill(0xdd);
	}

	/** Everything that can be seen from outside, for comparison. */
	outcome(): string {
		const { state, dueMs } = this.session;
		const ends = this.ends.map(({ kind, reason }) => `${kind}: ${reason}`);
		return [...this.heard, "-", ...this.sent, "-", ...ends, "-", this.closed, state, dueMs].join("\n");
	}

	/** What is not as the verdict demands, or undefined. */
	differs({ version, scene }: Case, verdict: Verdict, after: readonly string[]): string | undefined {
		const over = verdict.ends !== undefined;
		const heard = over ? verdict.heard : [...verdict.heard, ...after];
		const sent = [...this.sent];
		const last = sent[sent.length - 1];
		const farewell = last?.startsWith(hex([DISCONNECT << 4])) ? sent.pop() : undefined;
		if (this.heard.join() !== heard.join()) return `it heard "${this.heard.join()}" instead of "${heard.join()}"`;
		if (sent.join() !== verdict.sent.join()) return `it answered "${sent.join()}" instead of "${verdict.sent.join()}"`;
		if (this.closed !== (over ? 1 : 0)) return `it closed ${this.closed} times`;
		if ((this.session.state === "closed") !== over) return `it is ${this.session.state}`;
		const kinds = this.ends.map(({ kind }) => kind);
		if (!over) return kinds.length > 0 || farewell !== undefined ? `it ended (${kinds.join()})` : undefined;
		if (kinds.length !== 1 || !kinds.every((kind) => verdict.ends?.includes(kind)))
			return `it ended as ${kinds.join()}`;
		if (this.session.dueMs !== Number.POSITIVE_INFINITY) return "something is still due";
		const wasOnline = scene !== "connecting" || verdict.heard.includes("online");
		const codes = version === 5 && wasOnline ? (verdict.codes ?? []) : [];
		const allowed = codes.map((code) => hex(packet(DISCONNECT << 4, [code])));
		const good = allowed.length === 0 ? farewell === undefined : allowed.includes(farewell ?? "");
		return good ? undefined : `it said "${farewell}" and not one of "${allowed.join()}"`;
	}

	/** Which invariant does not hold after `count` bytes of any kind and a good many good messages, or undefined. */
	breaks(count: number): string | undefined {
		const { state, dueMs } = this.session;
		const over = state === "closed";
		if (this.ends.length !== (over ? 1 : 0)) return `it is ${state}, and ended ${this.ends.length} times`;
		if (this.closed !== this.ends.length) return `it ended once, and closed ${this.closed} times`;
		if (over && dueMs !== Number.POSITIVE_INFINITY) return "it is closed, and something is due";
		if (!over && this.heard.at(-1) !== "message after 70 61 79") return "it is open, and deaf";
		// No packet of two bytes or more is answered with more than one; and there is one DISCONNECT.
		if (this.sent.length > count / 2 + 1) return `it sent ${this.sent.length} packets`;
		return undefined;
	}

	// The stream.
	write(bytes: Uint8Array, count: number): boolean {
		if (this.closed > 0) throw new Error("written after it was closed");
		this.sent.push(hex(shortest(Array.from(bytes.subarray(0, count)))));
		return true;
	}
	close(): void {
		this.closed++;
	}

	// The device.
	onOnline(): void {
		this.heard.push("online");
	}
	onSubscribed(refused: string | undefined): void {
		this.heard.push(`subscribed ${refused === undefined ? "taken" : "refused"}`);
	}
	onUnsubscribed(refused: string | undefined): void {
		this.heard.push(`unsubscribed ${refused === undefined ? "taken" : "refused"}`);
	}
	onMessage({ topic, payload }: Message): void {
		this.heard.push(`message ${topic} ${hex(payload)}`);
	}
	onAcknowledged(token: number, refused: string | undefined): void {
		this.heard.push(`acknowledged ${token} ${refused === undefined ? "taken" : "refused"}`);
	}
	onRoom(): void {}
	onEnded(end: SessionEnd): void {
		this.ends.push(end);
	}

	// The clock.
	monotonicMs(): number {
		return 1_000;
	}
	wallMs(): undefined {
		return undefined;
	}
	setWallMs(): void {}
}

/** An acknowledgement or DISCONNECT with no properties may say so, or leave them out (§3.4.2.2.1, §3.14.2.2.1). */
function shortest(bytes: number[]): Bytes {
	const [head = 0, length = 0] = bytes;
	const full = head >> 4 === DISCONNECT ? 2 : head >> 4 >= 4 && head >> 4 <= 7 ? 4 : -1;
	return length === full && bytes[length + 1] === 0 ? [head, length - 1, ...bytes.slice(2, -1)] : bytes;
}

/** Cuts bytes into one piece, into single bytes, or at random places. */
export type Chunking = "whole" | "bytes" | "random";
export const CHUNKINGS: readonly Chunking[] = ["whole", "bytes", "random"];

export function cutUp(bytes: Bytes, chunking: Chunking, seed: number): readonly Bytes[] {
	const random = seeded(seed);
	const chunks: Bytes[] = [];
	for (let at = 0; at < bytes.length; ) {
		const size = chunking === "whole" ? bytes.length : chunking === "bytes" ? 1 : 1 + random(7);
		chunks.push(bytes.slice(at, at + size));
		at += size;
	}
	return chunks;
}

/**
 * What follows every case: a session that lives hears it, one that has ended does not. It begins with bytes that could as
 * well be text, so that who reads past the end of a packet takes them for a part of it.
 */
const AFTER = "message after 61";

function after(version: Version): Bytes {
	return [...rightPacket(PUBLISH, version, { topic: "after", payload: "a" }), ...rightPacket(PINGRESP, version)];
}

/**
 * Plays a case in the given chunkings, and says what is not as it must be: against the verdict, between the chunkings,
 * or because something was thrown. Undefined when all is well.
 */
export function judge(
	one: Case,
	text: Text,
	seed: number,
	chunkings: readonly Chunking[] = CHUNKINGS,
): string | undefined {
	let before: string | undefined;
	for (const chunking of chunkings) {
		try {
			const stage = new Stage(one.version, one.scene, text);
			for (const chunk of cutUp([...one.bytes, ...after(one.version)], chunking, seed)) stage.play(chunk);
			const faults = one.verdicts.map((verdict) => stage.differs(one, verdict, [AFTER]));
			if (!faults.includes(undefined)) return `${chunking}: ${faults.join("; or ")}${told(stage)}`;
			const outcome = stage.outcome();
			if (before !== undefined && outcome !== before) return `${chunking}: not as in the chunking before: ${outcome}`;
			before = outcome;
		} catch (error) {
			return `${chunking}: it threw ${error instanceof Error ? error.stack : error}`;
		}
	}
	return undefined;
}

function told(stage: Stage): string {
	return stage.ends.map(({ reason }) => ` (${reason})`).join("");
}
