import type { Clock } from "../ports/clock.js";
import type { CredentialNeeds, Credentials } from "./credentials.js";
import type { JsonValue } from "./document.js";

/** What bounds the time that a device gives to signatures. One for each start of a device. */
export interface SignatureGate {
	/** Whether what has this digest, of message and key, was found good before. */
	isKnown(digest: Uint8Array): boolean;
	/** Called before one is checked that is not known; throws a plain reason when it cannot be, now. */
	spend(): void;
	/** It was checked, and found good. */
	remember(digest: Uint8Array): void;
	/** The last one that was checked was not only good, but new. */
	giveBack(): void;
}

/** The device that a signed command came to. */
export interface SigningNeeds extends CredentialNeeds {
	/** Its name on the wire. */
	readonly id: string;
	/** Absent where nobody else can have signatures checked. */
	readonly gate?: SignatureGate;
	/** The keys that it was built with, each a line: name, algorithm and bytes in Base64url, with `:` between. */
	readonly keys: readonly string[];
}

/** What comes with a signed command beside its document. */
export interface Warrant {
	/** It asks for something that only a signed command may ask for. */
	readonly asksMore: boolean;
	/** What it asks for takes effect when the device starts again. */
	readonly restarts: boolean;
	/** Notes for ever that this command was here; why it cannot be carried out, in plain words, or undefined. */
	admit(): string | undefined;
	/** Why what only a signed command may ask for cannot be done, or undefined. Changes nothing. */
	objection(): string | undefined;
	/** Does it. Throws when the flash fails. */
	perform(): void;
}

/** A command whose signature is good, and whose time is now. */
export interface SignedCommand {
	/** The members of its document, as an unsigned one would have them. */
	readonly members: Map<string, JsonValue>;
	readonly warrant: Warrant;
}

/** An order for an update whose signature is good, and whose time is now. */
export interface SignedOrder {
	/** Its members, as an unsigned one would have them. */
	readonly members: Map<string, JsonValue>;
	/** Notes for ever that it was here; false when it was here before. Throws why it cannot be carried out, in plain words. */
	admit(): boolean;
}

/** How a device tells whether a command is from whoever may give it. `K` are keys of the device's entities. */
export interface Signing<K extends string = string> {
	/** Only these entities want signed commands; undefined for all. */
	readonly only: readonly K[] | undefined;
	/** What lets the settings be replaced from afar; undefined where that is not wanted. */
	readonly settings: Credentials | undefined;
	/** Whether this entity may be moved by signed commands only; undefined asks about the device as a whole. */
	wants(entityId: string | undefined): boolean;
	/** What is to stand before the signatures of one start of a device. */
	gate(clock: Pick<Clock, "monotonicMs">): SignatureGate;
	/** Whether a message is meant to be a signed one. */
	isSigned(message: Uint8Array): boolean;
	/** Verifies a message that is. Throws why it is not to be trusted, in plain words. */
	open(message: Uint8Array, needs: SigningNeeds): SignedCommand;
	/** The same for an order that came on `update`. */
	openOrder(message: Uint8Array, needs: SigningNeeds): SignedOrder;
}
