import type { Clock } from "../ports/clock.js";
import type { Text } from "../ports/text.js";
import { Connection } from "./connection.js";
import { tooMany } from "./fault.js";
import { ServerLimits } from "./limits.js";
import { NOT_A_TOPIC, Prepared } from "./prepared.js";
import type { SessionHandler, SessionOptions } from "./types.js";

/** How messages and acknowledgements are put for the server at the other end: within its limits, with its aliases. */
export abstract class Outlet extends Connection {
	protected readonly limits: ServerLimits = new ServerLimits();
	/** Makes messages in `sender.bytes`. */
	protected readonly prepared: Prepared;

	constructor(options: SessionOptions, clock: Clock, text: Text, handler: SessionHandler) {
		super(options, clock, handler);
		this.prepared = new Prepared(this.sender.bytes, this.sender.memory, text);
	}

	protected get text(): Text {
		return this.prepared.text;
	}

	/** Largest packet that can be sent now, in bytes with its fixed header. */
	get sendBytesMax(): number {
		return Math.min(this.sender.bytes.length, this.prepared.most);
	}

	/** Why `prepared.make` gave this in place of a count. */
	protected unsendable(topic: string, why: number): string {
		if (why === NOT_A_TOPIC) return `"${topic}" is not a topic that one can publish to`;
		return `A message to ${topic} is larger than the ${this.sendBytesMax} bytes that can be sent`;
	}

	/** Sends an acknowledgement, now or as soon as there is room. A server that lets too many of them wait is left. */
	protected acknowledge(first: number, id: number, code = 0): void {
		if (this.sender.sendAcknowledgement(first, id, this.version === 5 ? code : 0)) this.keepAlive.answering();
		else this.fail(tooMany("it sends messages and does not take their acknowledgements"));
	}
}
