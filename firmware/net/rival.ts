import type { SessionEnd } from "../mqtt/types.js";

/** Connections that end sooner than this count as thrown out, milliseconds. */
const QUICK_MS = 30_000;
const QUICK_MAX = 4;
/** After a connection that lasted this long nobody fights any more, milliseconds. */
const PEACE_MS = 300_000;

const CERTAIN = "another device uses the same client id: give every device an id of its own";
const SUSPECTED =
	"it ends every connection within seconds of accepting it: another device may use the same client id, " +
	"or this one is not allowed what it does";

/**
 * Recognises two devices with one client id, of which each throws the other out. A server of MQTT 5 says so (reason code
 * 0x8E, Session taken over); with 3.1.1 all there is to see are connections that end soon after they were accepted.
 */
export class Rival {
	private quick = 0;
	/** What is known of the rival, as long as there is one. */
	private words: string | undefined;

	/** Judges how a connection that was online for `lastedMs` ended: the words to add, or undefined. */
	judge({ kind }: SessionEnd, lastedMs: number): string | undefined {
		if (kind === "taken") this.words = CERTAIN;
		else if (lastedMs >= PEACE_MS) this.words = undefined;
		else if (kind !== "network" && kind !== "server") return undefined;
		this.quick = lastedMs < QUICK_MS ? this.quick + 1 : 0;
		if (this.quick >= QUICK_MAX) this.words ??= SUSPECTED;
		return this.words;
	}
}
