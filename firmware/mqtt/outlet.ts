import type { Clock } from "../ports/clock.js";
import type { Text } from "../ports/text.js";
import { Aliases } from "./aliases.js";
import { Connection } from "./connection.js";
import { tooMany } from "./fault.js";
import { ServerLimits } from "./limits.js";
import { writePublish } from "./publish-writer.js";
import type { PublishExtras, SessionHandler, SessionOptions } from "./types.js";

/** How messages and acknowledgements are put for the server at the other end: within its limits, with its aliases. */
export abstract class Outlet extends Connection {
	protected readonly text: Text;
	protected readonly limits: ServerLimits = new ServerLimits();
	protected readonly aliases: Aliases = new Aliases();

	constructor(options: SessionOptions, clock: Clock, text: Text, handler: SessionHandler) {
		super(options, clock, handler);
		this.text = text;
	}

	/** Largest packet that can be sent now, in bytes with its fixed header. */
	get sendBytesMax(): number {
		return Math.min(this.sender.bytes.length, this.limits.maximumPacketBytes);
	}

	/** Makes a PUBLISH in `sender.bytes`; -1 when it is larger than what can be sent. */
	protected write(
		flags: number,
		id: number,
		topic: string,
		payload: string | Uint8Array,
		extras: PublishExtras | undefined,
	): number {
		const { aliases, sender, text, version } = this;
		const most = this.limits.maximumPacketBytes;
		aliases.look(topic);
		const name = aliases.known ? "" : topic;
		const count = writePublish(sender.bytes, text, version, flags, id, name, payload, extras, aliases.alias);
		if (count >= 0 && count <= most) return count;
		if (aliases.alias === 0 || aliases.known) return -1;
		aliases.none(); // an alias takes three bytes the first time
		const plain = writePublish(sender.bytes, text, version, flags, id, topic, payload, extras);
		return plain <= most ? plain : -1;
	}

	/** Why `write` said -1. */
	protected tooLarge(topic: string): string {
		return `A message to ${topic} is larger than the ${this.sendBytesMax} bytes that can be sent`;
	}

	/** Sends an acknowledgement, now or as soon as there is room. A server that lets too many of them wait is left. */
	protected acknowledge(first: number, id: number, code = 0): void {
		if (this.sender.sendAcknowledgement(first, id, this.version === 5 ? code : 0))
			this.keepAlive.sent(this.clock.monotonicMs());
		else this.fail(tooMany("it sends messages and does not take their acknowledgements"));
	}
}
