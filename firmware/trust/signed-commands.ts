import type { JsonValue } from "../model/document.js";
import { reasonOf } from "../model/fault.js";
import { kebabCase } from "../model/names.js";
import type { SignedCommand, Signing, SigningNeeds, Warrant } from "../model/signing.js";
import { toBase64Url } from "../security/base64url.js";
import { Refused } from "../security/refused.js";
import { type Claims, readClaims } from "./claims.js";
import { Compact } from "./compact.js";
import { looksSealed, openJwe } from "./jwe.js";
import { looksSigned, verifyJws } from "./jws.js";
import type { Key } from "./keys.js";
import { KeyRing, readKey } from "./keys.js";
import { ReplayWindow } from "./replay-window.js";

const WINDOW = "replay";
const MARK_BYTES = 8;

/**
 * For `signing` in the device file: commands have to be signed (JWS, RFC 7515, with HS256 or ES256), all of them, or those
 * that concern the entities of `only`, or the device as a whole. Whoever may publish to the device's topics, the broker
 * included, then commands nothing without a key.
 */
export function signedCommands<const K extends string = never>(
	options: { readonly only?: readonly K[] } = {},
): Signing<K> {
	const ids = options.only?.map(kebabCase);
	return Object.freeze<Signing<K>>({
		only: options.only,
		wants: (entityId) => ids === undefined || entityId === undefined || ids.includes(entityId),
		isSigned: looksSigned,
		open: openCommand,
	});
}

function openCommand(message: Uint8Array, needs: SigningNeeds): SignedCommand {
	const { board, id, keys } = needs;
	const nowMs = board.clock.wallMs();
	if (nowMs === undefined) throw new Refused("the clock is not set yet, and a signed command holds for a time only");
	const ring = new KeyRing(board, keys);
	const { crypto, text } = board;
	const verifier = { crypto, text, find: (name: string) => ring.find(name) };
	const outer = new Compact(message);
	const sealed = looksSealed(outer);
	const { key, payload } = verifyJws(sealed ? new Compact(openJwe(outer, verifier)) : outer, verifier);
	const claims = readClaims(payload, id, nowMs / 1_000, text);
	const change = takeChange(claims.command);
	return { members: claims.command, warrant: new CommandWarrant(needs, ring, key, claims, change, sealed) };
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
	private readonly needs: SigningNeeds;
	private readonly ring: KeyRing;
	private readonly key: Key;
	private readonly claims: Claims;
	private readonly change: Change | undefined;
	private readonly sealed: boolean;

	constructor(
		needs: SigningNeeds,
		ring: KeyRing,
		key: Key,
		claims: Claims,
		change: Change | undefined,
		sealed: boolean,
	) {
		this.needs = needs;
		this.ring = ring;
		this.key = key;
		this.claims = claims;
		this.change = change;
		this.sealed = sealed;
	}

	get asksMore(): boolean {
		return this.change !== undefined;
	}

	admit(): string | undefined {
		const { clock, crypto, store, text } = this.needs.board;
		const { issuedS, name } = this.claims;
		const mark = toBase64Url(crypto.hash("SHA256", text.encode(`${this.key.id} ${name}`)).subarray(0, MARK_BYTES));
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
			if (this.change !== undefined) this.changed(this.change);
			return undefined;
		} catch (error) {
			return reasonOf(error);
		}
	}

	perform(): void {
		if (this.change !== undefined) this.ring.store(this.changed(this.change));
	}

	private changed({ add, remove }: Change): string {
		if (add !== undefined && !this.sealed && readKey(add, this.needs.board.text).algorithm !== "ES256")
			throw new Refused("it carries a secret in the clear: seal it (npx farpin send --seal)");
		return this.ring.changed(add, remove, this.key.id);
	}
}
