import type { Credentials, NewCredentials } from "../model/credentials.js";
import type { JsonValue } from "../model/document.js";
import { reasonOf } from "../model/fault.js";
import { kebabCase } from "../model/names.js";
import type { SignedCommand, Signing, SigningNeeds, Warrant } from "../model/signing.js";
import { toBase64Url } from "../security/base64url.js";
import { Compact, SETTINGS_TOKEN_BYTES_MAX } from "../security/compact.js";
import { Refused } from "../security/refused.js";
import { type Claims, readClaims } from "./claims.js";
import { looksSealed, openJwe } from "./jwe.js";
import { looksSigned, verifyJws } from "./jws.js";
import type { Key } from "./keys.js";
import { KeyRing, readKey } from "./keys.js";
import { ReplayWindow } from "./replay-window.js";

const WINDOW = "replay";
const MARK_BYTES = 8;
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
		isSigned: looksSigned,
		open: (message, needs) => openCommand(message, needs, settings),
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
	const { board, id, keys } = needs;
	const nowMs = board.clock.wallMs();
	if (nowMs === undefined) throw new Refused("the clock is not set yet, and a signed command holds for a time only");
	const ring = new KeyRing(board, keys);
	const { crypto, text } = board;
	const verifier = { crypto, text, find: (name: string) => ring.find(name) };
	const outer = new Compact(message, settings === undefined ? undefined : SETTINGS_TOKEN_BYTES_MAX);
	const sealed = looksSealed(outer);
	const { key, payload } = verifyJws(
		sealed ? new Compact(openJwe(outer, verifier), SETTINGS_TOKEN_BYTES_MAX) : outer,
		verifier,
	);
	const claims = readClaims(payload, id, nowMs / 1_000, text);
	const change = takeChange(claims.command);
	const place = takePlace(claims.command, sealed, settings, needs);
	if (change !== undefined && place !== undefined) throw new Refused("it changes keys and settings: one at a time");
	return { members: claims.command, warrant: new CommandWarrant({ needs, ring, key, claims, change, place, sealed }) };
}

/** Takes out of the document what it says of new settings. */
function takePlace(
	command: Map<string, JsonValue>,
	sealed: boolean,
	settings: Credentials | undefined,
	needs: SigningNeeds,
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

/** What a warrant is made of. */
interface Opened {
	readonly needs: SigningNeeds;
	readonly ring: KeyRing;
	readonly key: Key;
	readonly claims: Claims;
	readonly change: Change | undefined;
	readonly place: NewCredentials | undefined;
	readonly sealed: boolean;
}

class CommandWarrant implements Warrant {
	private readonly opened: Opened;

	constructor(opened: Opened) {
		this.opened = opened;
	}

	get asksMore(): boolean {
		return this.opened.change !== undefined || this.restarts;
	}

	get restarts(): boolean {
		return this.opened.place !== undefined;
	}

	admit(): string | undefined {
		const { clock, crypto, store, text } = this.opened.needs.board;
		const { issuedS, name } = this.opened.claims;
		const mark = toBase64Url(
			crypto.hash("SHA256", text.encode(`${this.opened.key.id} ${name}`)).subarray(0, MARK_BYTES),
		);
		try {
			const window = new ReplayWindow(store.get(WINDOW), (clock.wallMs() ?? 0) / 1_000);
			const why = window.refusal(issuedS, mark);
			// Before anything moves: a power cut from here on loses the command, and never does it twice.
			if (why === undefined) store.set(WINDOW, window.admit(issuedS, mark));
			return why;
		} catch (error) {
			return `it could not be noted, and could so be repeated: ${reasonOf(error)}`;
		}
	}

	objection(): string | undefined {
		try {
			if (this.opened.change !== undefined) this.changed(this.opened.change);
			return this.opened.place?.objection();
		} catch (error) {
			return reasonOf(error);
		}
	}

	perform(): void {
		const { change, place, ring } = this.opened;
		if (change !== undefined) ring.store(this.changed(change));
		place?.store();
	}

	private changed({ add, remove }: Change): string {
		const { needs, ring, key, sealed } = this.opened;
		if (add !== undefined && !sealed && readKey(add, needs.board.text).algorithm !== "ES256")
			throw new Refused(IN_THE_CLEAR);
		return ring.changed(add, remove, key.id);
	}
}
