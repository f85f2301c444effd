/** Without extensions and authentication: RFC 5905 §7.3. */
export const NTP_BYTES = 48;

const EPOCH_1900_S = 2_208_988_800; // seconds from 1900 to 1970, RFC 868
const ERA_S = 2 ** 32; // NTP era 1 begins in February 2036
const CLIENT = 0x23; // no warning, version 4, mode 3
const SERVER_MODE = 4;
const UNSYNCHRONISED = 3;
const STRATUM_MAX = 15;
const FAR_MAX_MS = 1_000; // root delay / 2 + root dispersion: RFC 4330 §5, "a cozy number like one second"
const WORK_MAX_MS = 1_000; // an honest server answers at once
const SHORT_FRACTION = 65_536 / 1_000; // NTP short format: 16.16 bits of a second

const ORIGIN = 24;
const RECEIVE = 32;
const TRANSMIT = 40;

/** What a reply says. */
export interface NtpReply {
	/** `time`: it can be used. `deny`, `rate`: the server wants not to be asked again, or less often. `none`: ignore it. */
	kind: "time" | "deny" | "rate" | "none";
	/** Milliseconds since 1970 at which the server sent it. */
	epochMs: number;
	/** How long the server had the request, milliseconds. */
	workMs: number;
}

/** Makes a request of random bytes: only the transmit timestamp stays random, and comes back as the origin timestamp. */
export function makeRequest(random: Uint8Array): void {
	random.fill(0, 0, TRANSMIT);
	random[0] = CLIENT;
}

/**
 * Reads a reply to `request` into `into` (RFC 5905 §7.3 and §8, RFC 4330 §5). Whatever does not repeat the random number
 * that was sent, or makes no sense, is `none`: an honest answer may still come.
 */
export function readReply(reply: Uint8Array, count: number, request: Uint8Array, into: NtpReply): void {
	into.kind = "none";
	if (count < NTP_BYTES || !isAnswer(reply, request)) return;
	const stratum = reply[1] as number;
	if (stratum === 0) {
		into.kind = kissKind(reply);
		return;
	}
	const leap = (reply[0] as number) >> 6;
	if (leap === UNSYNCHRONISED || stratum > STRATUM_MAX) return;
	const farMs = (uint32(reply, 4) / 2 + uint32(reply, 8)) / SHORT_FRACTION;
	if (farMs >= FAR_MAX_MS) return;
	if (isZero(reply, RECEIVE) || isZero(reply, TRANSMIT)) return; // it does not know; read as a time it were in 2036
	const epochMs = timestampMs(reply, TRANSMIT);
	const workMs = epochMs - timestampMs(reply, RECEIVE);
	if (workMs < 0 || workMs > WORK_MAX_MS) return;
	if (!isZero(reply, 16) && timestampMs(reply, 16) > epochMs) return; // its clock was last set in the future
	into.kind = "time";
	into.epochMs = epochMs;
	into.workMs = workMs;
}

/** A server's message in a version that fits, with our random number in it. */
function isAnswer(reply: Uint8Array, request: Uint8Array): boolean {
	const first = reply[0] as number;
	const version = (first >> 3) & 7;
	if ((first & 7) !== SERVER_MODE || version < 3 || version > 4) return false;
	for (let i = 0; i < 8; i++) if (reply[ORIGIN + i] !== request[TRANSMIT + i]) return false;
	return true;
}

/** RFC 5905 §7.4: DENY and RSTR mean never again, RATE less often; the others tell of the server's own troubles. */
function kissKind(reply: Uint8Array): "deny" | "rate" | "none" {
	const code = uint32(reply, 12);
	if (code === 0x44454e59 || code === 0x52535452) return "deny"; // "DENY", "RSTR"
	return code === 0x52415445 ? "rate" : "none"; // "RATE"
}

function timestampMs(bytes: Uint8Array, at: number): number {
	const seconds = uint32(bytes, at);
	const era = seconds >= ERA_S / 2 ? 0 : ERA_S;
	return (seconds + era - EPOCH_1900_S) * 1_000 + Math.floor((uint32(bytes, at + 4) * 1_000) / ERA_S);
}

function isZero(bytes: Uint8Array, at: number): boolean {
	return uint32(bytes, at) === 0 && uint32(bytes, at + 4) === 0;
}

function uint32(bytes: Uint8Array, at: number): number {
	return (
		(bytes[at] as number) * 0x1000000 +
		(((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
	);
}
