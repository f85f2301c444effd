import type { PublishExtras } from "../mqtt/types.js";
import { letterJson } from "./mailbox.js";
import { publishOut } from "./outgoing.js";
import type { PublisherNeeds } from "./publisher-needs.js";

// What the acknowledgement of a message is told by. Others begin at 16.
export const LETTER = 2;
/** Of a line of the log: that it cannot be sent is no news for the log. */
export const LOG = 5;

type Payload = string | Uint8Array;

/** How a message is put on its way, and the ones that wait in lines: events and results, and the log. */
export abstract class Dispatch {
	protected readonly needs: PublisherNeeds;

	constructor(needs: PublisherNeeds) {
		this.needs = needs;
	}

	protected sendLetter(): boolean {
		const { mailbox, origins, device } = this.needs;
		const letter = mailbox.first();
		if (letter === undefined) return true;
		const { topic, correlationData } = letter;
		const { contentType } = device.encoding;
		const extras = correlationData === undefined ? device.encoding : { contentType, correlationData };
		const text = letterJson(letter, origins.now());
		if (!publishOut(this.needs, topic, this.document(text), 1, false, LETTER, extras)) return false;
		mailbox.sent();
		return true;
	}

	protected sendLog(): boolean {
		const { logLines, origins, device } = this.needs;
		for (let line = logLines?.first(); line !== undefined; line = logLines?.first()) {
			const text = letterJson(line, origins.now());
			if (!this.send("log", this.document(text), 0, false, LOG, device.encoding)) return false;
			logLines?.sent();
		}
		return true;
	}

	/** A document, made as JSON, in the device's encoding. */
	protected document(own: string): Payload {
		return this.needs.device.encoding.payload(own, this.needs.board.text);
	}

	/** `topic` is the part below the device's own; documents go with their encoding, which says their Content Type. */
	protected send(topic: string, payload: Payload, qos: 0 | 1, retain: boolean, token: number, extras?: PublishExtras) {
		return publishOut(this.needs, this.needs.prefix + topic, payload, qos, retain, token, extras);
	}
}
