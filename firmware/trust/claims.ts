import type { JsonValue } from "../model/document.js";
import { readJson } from "../model/json.js";
import type { Text } from "../ports/text.js";
import { Refused } from "../security/refused.js";

/** What may be signed, each as a claim of this name: so that one of them is never taken for the other. */
export type Purpose = "command" | "order";

/** What a signed command, or order, says of itself (RFC 7519 §4.1), and what it is. Times in seconds since 1970. */
export interface Claims {
	readonly issuedS: number;
	/** Its name: of two with one name, the second is a repetition. */
	readonly name: string;
	readonly content: Map<string, JsonValue>;
}

const NAME_LENGTH_MAX = 64;
/** How far the clock of whoever signs may be ahead. */
const AHEAD_MAX_S = 60;
const LIFETIME_MAX_S = 86_400;
const CLAIMS = 5;

/** Reads what was signed. Throws `Refused` unless it is for this, for `device`, and now is between its times. */
export function readClaims(
	payload: Uint8Array,
	purpose: Purpose,
	{ device, nowS, text }: { readonly device: string; readonly nowS: number; readonly text: Text },
): Claims {
	const claims = readJson(payload, text);
	if (!(claims instanceof Map)) throw new Refused("what is signed is not an object");
	const content = claims.get(purpose);
	const name = claims.get("jti");
	const issuedS = claims.get("iat");
	const expiresS = claims.get("exp");
	if (claims.get("aud") !== device) throw new Refused("it is not for this device (aud)");
	if (typeof name !== "string" || name === "" || name.length > NAME_LENGTH_MAX)
		throw new Refused(`it has no name (jti) of 1 to ${NAME_LENGTH_MAX} characters`);
	if (typeof issuedS !== "number" || typeof expiresS !== "number" || issuedS < 0)
		throw new Refused("it does not say when it was made (iat) and until when it holds (exp), in seconds since 1970");
	if (!(content instanceof Map)) throw new Refused(`there is no ${purpose} in it`);
	// One that is not understood may be there to forbid something.
	if (claims.size !== CLAIMS) throw new Refused(`it has a claim other than aud, iat, exp, jti and ${purpose}`);
	if (expiresS - issuedS > LIFETIME_MAX_S) throw new Refused("it would hold for more than a day");
	if (expiresS <= nowS) throw new Refused("it has expired");
	if (issuedS > nowS + AHEAD_MAX_S) throw new Refused("it was made in the future: one of the two clocks is wrong");
	return { issuedS: Math.floor(issuedS), name, content };
}
