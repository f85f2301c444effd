/**
 * What a bad server sends, and the reason code that the session owes it (MQTT 5 §4.13.1). `when` says whether it comes in
 * answer to CONNECT or to a session that is online with one QoS 1 message (identifier 1) and one SUBSCRIBE (identifier 2,
 * one filter) on their way. Both versions unless one is named.
 */
export interface Malformed {
	readonly what: string;
	readonly when: "connecting" | "online";
	readonly version?: 4 | 5;
	readonly bytes: string;
	readonly code: number;
}

const M = 0x81; // Malformed Packet
const P = 0x82; // Protocol Error

function cases(
	when: Malformed["when"],
	version: 4 | 5 | undefined,
	rows: readonly [string, string, number][],
): Malformed[] {
	return rows.map(([what, bytes, code]) => ({ what, when, bytes, code, ...(version && { version }) }));
}

const header = cases("online", undefined, [
	["reserved type 0 (§2.1.2)", "00 00", M],
	["CONNECT from a server", "10 00", P],
	["SUBSCRIBE from a server", '82 06 00 01 00 01 "t" 00', P],
	["UNSUBSCRIBE from a server", 'a2 05 00 01 00 01 "t"', P],
	["PINGREQ from a server", "c0 00", P],
	["PUBACK with flags [MQTT-2.1.3-1]", "41 02 00 01", M],
	["PUBREC with flags", "52 02 00 01", M],
	["PUBREL without its flag", "60 02 00 01", M],
	["PUBREL with other flags", "64 02 00 01", M],
	["PUBCOMP with flags", "78 02 00 01", M],
	["SUBACK with flags", "92 03 00 02 00", M],
	["UNSUBACK with flags", "b2 02 00 02", M],
	["PINGRESP with flags", "d1 00", M],
	["CONNACK with flags", "21 02 00 00", M],
	["QoS 3 [MQTT-3.3.1-4]", '36 05 00 01 "t" 00 01', M],
	["DUP with QoS 0 [MQTT-3.3.1-2]", '38 03 00 01 "t"', M],
	["length in two bytes for one [MQTT-1.5.5-1]", "d0 80 00", M],
	["length in three bytes for two", "30 ff 80 00", M],
	["length of five bytes", "30 80 80 80 80 01", M],
	["length that never ends", "30 ff ff ff ff ff ff", M],
	["a packet of 256 MB", "30 ff ff ff 7f", 0x95],
	["a packet one byte larger than allowed", "30 fe 01", 0x95],
]);

const packets = cases("online", undefined, [
	["PINGRESP with a body", "d0 01 00", M],
	["PUBACK of 0 bytes", "40 00", M],
	["PUBACK of 1 byte", "40 01 00", M],
	["PUBREC of 0 bytes", "50 00", M],
	["PUBREC of 1 byte", "50 01 01", M],
	["PUBREL of 1 byte", "62 01 01", M],
	["PUBCOMP of 1 byte", "70 01 01", M],
	["PUBACK with identifier 0 [MQTT-2.2.1-3]", "40 02 00 00", P],
	["PUBREC with identifier 0", "50 02 00 00", P],
	["PUBREL with identifier 0", "62 02 00 00", P],
	["SUBACK with identifier 0", "90 03 00 00 00", P],
	["UNSUBACK with identifier 0", "b0 02 00 00", P],
	["PUBACK that nobody waits for", "40 02 00 09", P],
	["PUBACK for a SUBSCRIBE", "40 02 00 02", P],
	["PUBREC for a QoS 1 message", "50 02 00 01", P],
	["PUBCOMP out of nowhere", "70 02 00 01", P],
	["SUBACK of 0 bytes", "90 00", M],
	["SUBACK of 1 byte", "90 01 00", M],
	["UNSUBACK of 1 byte", "b0 01 00", M],
	["PUBLISH of 0 bytes", "30 00", M],
	["PUBLISH of 1 byte", "30 01 00", M],
	["topic past the end", '30 03 00 02 "t"', M],
	["topic far past the end", '30 03 ff ff "t"', M],
	["identifier cut off", '32 04 00 01 "t" 00', M],
	["identifier missing", '32 03 00 01 "t"', M],
]);

const version4 = cases("online", 4, [
	["no topic", "30 02 00 00", P],
	["CONNACK when online [MQTT-3.1.0-2]", "20 02 00 00", P],
	["DISCONNECT from a 3.1.1 server", "e0 00", P],
	["AUTH in 3.1.1", "f0 00", M],
	["PUBACK with a byte too many", "40 03 00 01 00", M],
	["PUBREC with a byte too many", "50 03 00 01 00", M],
	["SUBACK without codes", "90 02 00 02", P],
	["SUBACK with code 3", "90 03 00 02 03", P],
	["SUBACK with code 0x81", "90 03 00 02 81", P],
	["SUBACK with two codes for one filter", "90 04 00 02 00 00", P],
	["SUBACK that nobody waits for", "90 03 00 03 00", P],
	["UNSUBACK that nobody waits for", "b0 02 00 02", P],
	["UNSUBACK with a byte too many", "b0 03 00 02 00", M],
	["PUBLISH with identifier 0", '32 05 00 01 "t" 00 00', P],
	["topic with #", '30 03 00 01 "#"', M],
	["topic with +", '30 05 00 03 "a/+"', M],
	["topic with U+0000", "30 03 00 01 00", M],
	["topic of half a character", "30 03 00 01 c3", M],
	["topic in a long form", "30 04 00 02 c0 af", M],
	["topic with half a surrogate pair", "30 05 00 03 ed a0 80", M],
	["topic beyond U+10FFFF", "30 06 00 04 f4 90 80 80", M],
]);

const version5 = cases("online", 5, [
	["no topic", "30 03 00 00 00", P],
	["CONNACK when online [MQTT-3.2.0-2]", "20 03 00 00 00", P],
	["AUTH that was not asked for", "f0 00", P],
	["AUTH with flags", "f1 00", M],
	["DISCONNECT with flags", "e1 00", M],
	["DISCONNECT with a client's code", "e0 01 04", P],
	["DISCONNECT with an unknown code", "e0 01 42", P],
	["DISCONNECT with property length past the end", "e0 02 00 01", M],
	["DISCONNECT with a byte too many", "e0 03 00 00 00", M],
	["DISCONNECT with Session Expiry [MQTT-3.14.2-2]", "e0 07 00 05 11 00 00 00 00", M],
	["PUBACK with an unknown code", "40 03 00 01 42", P],
	["PUBACK with a byte too many", "40 05 00 01 00 00 00", M],
	["PUBACK with properties past the end", "40 04 00 01 00 05", M],
	["PUBREL with a PUBACK's code", "62 03 00 01 10", P],
	["PUBACK with a property of CONNACK", "40 07 00 01 00 03 21 00 01", M],
	["PUBACK with two Reason Strings", '40 0c 00 01 00 08 1f 00 01 "a" 1f 00 01 "b"', P],
	["SUBACK without properties", "90 02 00 02", M],
	["SUBACK without codes", "90 03 00 02 00", P],
	["SUBACK with an unknown code", "90 04 00 02 00 42", P],
	["SUBACK with two codes for one filter", "90 05 00 02 00 00 00", P],
	["SUBACK with properties past the end", "90 04 00 02 7f 00", M],
	["UNSUBACK without codes", "b0 03 00 02 00", P],
	["UNSUBACK with an unknown code", "b0 04 00 02 00 42", P],
	["UNSUBACK that nobody waits for", "b0 04 00 02 00 00", P],
	["PUBLISH with identifier 0", '32 06 00 01 "t" 00 00 00', P],
	["PUBLISH without properties", '30 03 00 01 "t"', M],
	["PUBLISH whose property length eats what follows", '30 04 00 01 "t" 7f', M],
	["PUBLISH with a property length of two bytes for one", '30 05 00 01 "t" 80 00', M],
	["PUBLISH with an unknown property", '30 06 00 01 "t" 02 7e 00', M],
	["PUBLISH with property 0", '30 06 00 01 "t" 02 00 00', M],
	["PUBLISH with a property of two bytes", '30 07 00 01 "t" 03 81 01 00', M],
	["PUBLISH with Receive Maximum", '30 07 00 01 "t" 03 21 00 01', M],
	["PUBLISH with Topic Alias 1 although none is allowed [MQTT-3.3.2-9]", '30 07 00 01 "t" 03 23 00 01', 0x94],
	["PUBLISH with Topic Alias 0", '30 07 00 01 "t" 03 23 00 00', 0x94],
	["PUBLISH with an alias and no topic", "30 06 00 00 03 23 00 01", 0x94],
	["PUBLISH with Payload Format 2", '30 06 00 01 "t" 02 01 02', P],
	["PUBLISH with two Payload Formats", '30 08 00 01 "t" 04 01 00 01 00', P],
	["PUBLISH with two expiries", '30 0e 00 01 "t" 0a 02 00 00 00 01 02 00 00 00 01', P],
	["PUBLISH with two content types", '30 0c 00 01 "t" 08 03 00 01 "a" 03 00 01 "b"', P],
	["PUBLISH with two empty content types", '30 0a 00 01 "t" 06 03 00 00 03 00 00', P],
	["PUBLISH with two Response Topics", '30 0c 00 01 "t" 08 08 00 01 "a" 08 00 01 "b"', P],
	["PUBLISH with two Correlation Data", '30 0a 00 01 "t" 06 09 00 00 09 00 00', P],
	["PUBLISH with a wildcard in the Response Topic [MQTT-3.3.2-14]", '30 08 00 01 "t" 04 08 00 01 "#"', P],
	["PUBLISH with bad UTF-8 in the content type", '30 08 00 01 "t" 04 03 00 01 ff', M],
	["PUBLISH with bad UTF-8 in a user property", '30 0a 00 01 "t" 06 26 00 01 ff 00 00', M],
	["PUBLISH with half a user property", '30 08 00 01 "t" 04 26 00 01 "a"', M],
	["PUBLISH with Subscription Identifier 0", '30 06 00 01 "t" 02 0b 00', P],
	["PUBLISH with a Subscription Identifier of five bytes", '30 0a 00 01 "t" 06 0b 80 80 80 80 01', M],
	["PUBLISH with an expiry cut off", '30 07 00 01 "t" 03 02 00 00', M],
	["PUBLISH with Correlation Data past the properties", '30 09 00 01 "t" 03 09 00 02 01 02', M],
	["topic with #", '30 04 00 01 "#" 00', P],
	["topic with U+0000", "30 04 00 01 00 00", M],
	["topic of half a character", "30 04 00 01 c3 00", M],
]);

/** Everything here is wrong before the session is online: closed, and nothing said (no DISCONNECT before CONNACK). */
const connack = [
	...cases("connecting", undefined, [
		["PUBLISH before CONNACK [MQTT-3.2.0-1]", '30 05 00 01 "t" 00 00', P],
		["PINGRESP before CONNACK", "d0 00", P],
		["PUBACK before CONNACK", "40 02 00 01", P],
		["CONNACK of 0 bytes", "20 00", M],
		["CONNACK of 1 byte", "20 01 00", M],
		["CONNACK with reserved flags [MQTT-3.2.2-1]", "20 03 02 00 00", M],
		["noise", '"HTTP/1.1 400 Bad Request" 0d 0a 0d 0a', M],
	]),
	...cases("connecting", 4, [
		["CONNACK with a byte too many", "20 03 00 00 00", M],
		["CONNACK with return code 6", "20 02 00 06", P],
		["session present and refused [MQTT-3.2.2-4]", "20 02 01 05", P],
		["session present after Clean Session", "20 02 01 00", P],
	]),
	...cases("connecting", 5, [
		["session present and refused [MQTT-3.2.2-6]", "20 03 01 87 00", P],
		["session present after Clean Start", "20 03 01 00 00", P],
		["unknown reason code", "20 03 00 01 00", P],
		["a reason code of other packets", "20 03 00 8e 00", P],
		["property length past the end", "20 03 00 00 13", M],
		["a keep-alive whose bytes are those of the next packet", "20 04 00 00 01 13 40 02 00 01", M],
		["byte left over", "20 04 00 00 00 00", M],
		["Receive Maximum 0", "20 06 00 00 03 21 00 00", P],
		["Receive Maximum cut off", "20 05 00 00 02 21 00", M],
		["two Receive Maximums", "20 09 00 00 06 21 00 05 21 00 06", P],
		["two Server Keep Alives of 0", "20 09 00 00 06 13 00 00 13 00 00", P],
		["Maximum QoS 2", "20 05 00 00 02 24 02", P],
		["Retain Available 2", "20 05 00 00 02 25 02", P],
		["Maximum Packet Size 0", "20 08 00 00 05 27 00 00 00 00", P],
		["Assigned Client Identifier past the end", '20 06 00 00 03 12 00 05 "a"', M],
		["a property of PUBLISH", "20 06 00 00 03 23 00 01", M],
		["Authentication Method that was not asked for", '20 07 00 00 04 15 00 01 "x"', P],
		["Response Information that was not asked for [MQTT-3.1.2-28]", '20 07 00 00 04 1a 00 01 "x"', P],
		["Reason String that is not UTF-8", "20 07 00 00 04 1f 00 01 ff", M],
	]),
];

export const CORPUS: readonly Malformed[] = [...header, ...packets, ...version4, ...version5, ...connack];
