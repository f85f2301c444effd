import type { SessionEndKind } from "./types.js";

/** What the reason codes of MQTT 5 (§2.4) mean, from 0x80 on, as the end of a plain sentence. */
const REASONS: readonly (string | undefined)[] = Object.freeze([
	"it did not say why",
	"it could not read what we sent",
	"it says that we broke the protocol",
	"for a reason of its own",
	"it does not speak this version of MQTT",
	"it does not accept the client id",
	"the user name or password is wrong",
	"the user name or client id has no permission",
	"the server is not available",
	"the server is busy",
	"this client is banned",
	"the server is shutting down",
	"it wants another way to authenticate",
	"it heard nothing from us in the keep-alive time",
	"another client connected with the same client id",
	"the topic filter is not valid there",
	"the topic is not valid there",
	"the packet identifier is in use",
	"the packet identifier is not known there",
	"too many messages at once",
	"the topic alias is not valid",
	"the packet is larger than it takes",
	"messages come too fast",
	"a quota is used up",
	"an administrator decided so",
	"the payload is not in the format announced",
	"it does not keep retained messages",
	"it does not know this QoS",
	"another server is to be used for now",
	"the server has moved",
	"it knows no shared subscriptions",
	"connections come too fast",
	"the connection lasted as long as it may",
	"it knows no subscription identifiers",
	"it knows no wildcard subscriptions",
]);

const NOT_AUTHORIZED = 0x87;
/** "Not authorized" in a CONNACK: Mosquitto and others say it of a wrong password, too, so as not to tell which it was. */
const KEPT_OUT = "user name, password or client id is wrong, or has no permission";

/** What the return codes of an MQTT 3.1.1 CONNACK (table 3.1) mean. */
const RETURN_CODES: readonly string[] = Object.freeze([
	"accepted",
	"it does not speak this version of MQTT",
	"it does not accept the client id",
	"the server is not available",
	"the user name or password is wrong",
	KEPT_OUT,
]);

/** The end of a plain sentence for a reason code of MQTT 5. */
export function reasonWords(code: number): string {
	return REASONS[code - 0x80] ?? `reason code ${code}`;
}

/** The end of a plain sentence for the code in a CONNACK. */
export function connackWords(code: number, version: 4 | 5): string {
	if (version === 5) return code === NOT_AUTHORIZED ? KEPT_OUT : reasonWords(code);
	return RETURN_CODES[code] ?? `return code ${code}`;
}

/** Whom the refusal in a CONNACK concerns: with "credentials" only the owner can help. */
export function connackKind(code: number, version: 4 | 5): SessionEndKind {
	if (version === 4) {
		if (code === 1) return "version";
		return code === 3 ? "server" : "credentials";
	}
	switch (code) {
		case 0x84:
			return "version";
		case 0x85:
		case 0x86:
		case NOT_AUTHORIZED:
		case 0x8a:
		case 0x8c:
			return "credentials";
		default:
			return endKind(code);
	}
}

/** What a reason code of MQTT 5 means for the way back: §4.11 Server redirection, §3.1.4 Session taken over. */
export function endKind(code: number): SessionEndKind {
	if (code === 0x8e) return "taken";
	return code === 0x9c || code === 0x9d ? "moved" : "server";
}
