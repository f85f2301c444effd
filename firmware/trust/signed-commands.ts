import type { Credentials, NewCredentials } from "../model/credentials.js";
import type { JsonValue } from "../model/document.js";
import { reasonOf } from "../model/fault.js";
import { kebabCase } from "../model/names.js";
import type { SignedCommand, SignedOrder, Signing, SigningNeeds, Warrant } from "../model/signing.js";
import { SETTINGS_TOKEN_BYTES_MAX } from "../security/compact.js";
import { Refused } from "../security/refused.js";
import { looksSigned } from "./jws.js";
import { readKey } from "./keys.js";
import { Opened } from "./opened.js";
import { REPEATED } from "./replay-window.js";
import { DeviceGate } from "./signature-gate.js";

const IN_THE_CLEAR = "it carries a secret in the clear: seal it (npx farpin send --seal)";

/**
 * For `signing` in the device file: commands have to be signed (JWS, RFC 7515, with HS256 or ES256), all of them, or those
 * that concern the entities of `only`, or the device as a whole. Whoever may publish to the device's topics, the broker
 * included, then commands nothing without a key.
 */
export function signedCommands<const K extends string = never>(options: SigningOptions<K> = {}): Signing<K> {
	const { only, settings } = options;
	const ids = only?.map(kebabCase);
	return Object.freeze<Signing<K>>({
		only,
		settings,
		wants: (entityId) => ids === undefined || entityId === undefined || ids.includes(entityId),
		gate: (clock) => new DeviceGate(clock),
		isSigned: looksSigned,
		open: (message, needs) => openCommand(message, needs, settings),
		openOrder,
	});
}

/** What a device file may say of its signed commands. */
export interface SigningOptions<K extends string> {
	/** Only these entities, and the device as a whole, want signed commands; all unless given. */
	readonly only?: readonly K[];
	/** `replaceableSettings`, to replace Wi-Fi, broker, certificates, pins and roots from afar. */
	readonly settings?: Credentials;
}

function openCommand(message: Uint8Array, needs: SigningNeeds, settings: Credentials | undefined): SignedCommand {
	const bytesMax = settings === undefined ? undefined : SETTINGS_TOKEN_BYTES_MAX;
	const opened = new Opened(message, "command", needs, bytesMax);
	opened.check();
	const { content } = opened.claims;
	const change = takeChange(content);
	const place = takePlace(content, settings, opened);
	if (change !== undefined && place !== undefined) throw new Refused("it changes keys and settings: one at a time");
	return { members: content, warrant: new CommandWarrant(opened, change, place) };
}

/** Of orders that are delivered twice nobody needs to hear. */
function openOrder(message: Uint8Array, needs: SigningNeeds): SignedOrder {
	const opened = new Opened(message, "order", needs);
	opened.check();
	return {
		members: opened.claims.content,
		admit() {
			const why = opened.admit();
			if (why === undefined || why === REPEATED) return why === undefined;
			throw new Refused(why);
		},
	};
}

/** Takes out of the document what it says of new settings. */
function takePlace(
	command: Map<string, JsonValue>,
	settings: Credentials | undefined,
	{ needs, sealed }: Opened,
): NewCredentials | undefined {
	const asked = command.get("settings");
	if (asked === undefined) return undefined;
	command.delete("settings");
	if (settings === undefined) throw new Refused("the settings of this device cannot be replaced from afar");
	if (!sealed) throw new Refused(IN_THE_CLEAR);
	return settings.read(asked, needs);
}

/** A change of the keys: `add` is a line, `remove` a name. */
interface Change {
	readonly add: string | undefined;
	readonly remove: string | undefined;
}

/** Takes out of the document what only a signed one may have. */
function takeChange(command: Map<string, JsonValue>): Change | undefined {
	const change = command.get("keys");
	if (change === undefined) return undefined;
	command.delete("keys");
	if (!(change instanceof Map)) throw new Refused("keys must be an object");
	const add = change.get("add");
	const remove = change.get("remove");
	const isText = (value: JsonValue | undefined): value is string | undefined =>
		value === undefined || typeof value === "string";
	if (!isText(add) || !isText(remove)) throw new Refused("keys must have texts");
	const members = (add === undefined ? 0 : 1) + (remove === undefined ? 0 : 1);
	if (members === 0 || members !== change.size) throw new Refused("keys must have add or remove, and nothing else");
	return { add, remove };
}

class CommandWarrant implements Warrant {
	private readonly opened: Opened;
	private readonly change: Change | undefined;
	private readonly place: NewCredentials | undefined;

	constructor(opened: Opened, change: Change | undefined, place: NewCredentials | undefined) {
		this.opened = opened;
		this.change = change;
		this.place = place;
	}

	get asksMore(): boolean {
		return this.change !== undefined || this.restarts;
	}

	get restarts(): boolean {
		return this.place !== undefined;
	}

	admit(): string | undefined {
		return this.opened.admit();
	}

	objection(): string | undefined {
		try {
			if (this.change !== undefined) this.changed(this.change);
			return this.place?.objection();
		} catch (error) {
			return reasonOf(error);
		}
	}

	perform(): void {
		const { change, place } = this;
		if (change !== undefined) this.opened.ring.store(this.changed(change));
		place?.store();
	}

	private changed({ add, remove }: Change): string {
		const { needs, ring, key, sealed } = this.opened;
		if (add !== undefined && !sealed && readKey(add, needs.board.text).algorithm !== "ES256")
			throw new Refused(IN_THE_CLEAR);
		return ring.changed(add, remove, key.id);
	}
}
