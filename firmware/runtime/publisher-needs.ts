import type { CloudOutlet } from "../model/cloud.js";
import type { Device } from "../model/device.js";
import type { DocumentWriter } from "../model/document.js";
import type { Board } from "../ports/board.js";
import type { ClockOrigins } from "./clock-origins.js";
import type { LogLines } from "./log-lines.js";
import type { Mailbox } from "./mailbox.js";
import type { Outbox } from "./outbox.js";

/** What the publisher cannot know by itself: the payloads of the moment. */
export interface Payloads {
	about(): string;
	health(): string;
	state(index: number): string;
	/** Topic of state `index` below the device's own. */
	stateTopic(index: number): string;
}

/** What a publisher works with, and looks up there each time: a copy would cost memory. `prefix` is the first part of every topic, up to and with the device's name. */
export interface PublisherNeeds {
	readonly board: Board;
	readonly outlet: CloudOutlet;
	readonly prefix: string;
	readonly origins: ClockOrigins;
	/** Those of the device's settings, for its envelope. */
	readonly options: { readonly keys: readonly string[] };
	readonly mailbox: Mailbox;
	readonly outbox: Outbox;
	/** Only there once somebody asked for the log. */
	readonly logLines: LogLines | undefined;
	readonly payloads: Payloads;
	readonly device: Device;
	/** Where documents are written just before they go out. */
	readonly writer: DocumentWriter;
}
