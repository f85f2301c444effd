import type { Socket } from "node:net";
import { meddled, type Peer } from "./peer.js";
import type { Meddle } from "./server.js";

const HANDSHAKE = 22;
const APPLICATION = 23;
// Messages of a handshake (RFC 5246 §7.4).
const HELLO = 2;
const CERTIFICATE = 11;
const KEY_EXCHANGE = 12;

/** Flips one bit of the first record that is a handshake message of this kind, `fromEnd` bytes before its end. */
function flipIn(message: number, fromEnd: number): () => Meddle {
	return () => (record) => {
		if (record[0] !== HANDSHAKE || record[5] !== message) return [record];
		return [flipped(record, record.length - fromEnd)];
	};
}

function flipped(record: Buffer, at: number): Buffer {
	const changed = Buffer.from(record);
	changed[at] = (changed[at] as number) ^ 1;
	return changed;
}

/** Does something to the first record of the server that an application sent. */
function atData(act: (record: Buffer, toDevice: Socket) => readonly Buffer[]): () => Meddle {
	return () => (record, _, toDevice) => (record[0] === APPLICATION ? act(record, toDevice) : [record]);
}

function half(record: Buffer, toDevice: Socket, end: () => void): readonly Buffer[] {
	toDevice.write(record.subarray(0, record.length >> 1), end);
	return [];
}

function endOnly(_: Buffer, toDevice: Socket): readonly Buffer[] {
	toDevice.end();
	return [];
}

const FORGED = "TLS refused: its certificate is forged: a signature on it is wrong";
const UNSIGNED = "TLS refused: its half of the key exchange is not signed with the key of its certificate";
const CHANGED = "TLS refused: what the other side sent was not signed with its key";
const ENDED = "the other side closed the connection";

/** Somebody on the way to a genuine server who changes what it sends, or cuts it off. */
export const MEDDLERS: readonly Peer[] = [
	{
		name: "a bit of the certificate's signature flipped",
		outcome: "refused",
		reason: FORGED,
		behaviour: meddled(flipIn(CERTIFICATE, 1)),
	},
	{
		name: "a bit of the key exchange flipped",
		outcome: "refused",
		reason: UNSIGNED,
		behaviour: meddled(flipIn(KEY_EXCHANGE, 1)),
	},
	{
		name: "a bit of the hello's random number flipped",
		outcome: "refused",
		reason: UNSIGNED,
		behaviour: meddled(
			() => (record) => (record[0] === HANDSHAKE && record[5] === HELLO ? [flipped(record, 20)] : [record]),
		),
	},
	{
		name: "a bit of the Finished flipped",
		outcome: "refused",
		reason: CHANGED,
		behaviour: meddled(finishedFlipped),
	},
	{
		name: "a bit of the data flipped",
		outcome: "cut",
		reason: CHANGED,
		behaviour: meddled(atData((record) => [flipped(record, record.length - 1)])),
	},
	{
		name: "a reset inside a record",
		outcome: "cut",
		reason: ENDED,
		behaviour: meddled(atData((record, toDevice) => half(record, toDevice, () => toDevice.resetAndDestroy()))),
	},
	{
		name: "the end inside a record",
		outcome: "cut",
		reason: ENDED,
		behaviour: meddled(atData((record, toDevice) => half(record, toDevice, () => toDevice.end()))),
	},
	{
		name: "the end without a farewell",
		outcome: "cut",
		reason: ENDED,
		behaviour: meddled(atData(endOnly)),
	},
	{
		name: "the end with a farewell, in place of an answer",
		outcome: "cut",
		reason: ENDED,
		behaviour: meddled(
			() => (record) => [record],
			(secure) => secure.once("data", () => secure.end()),
		),
	},
];

/** The first encrypted record of the server is its Finished. */
function finishedFlipped(): Meddle {
	let encrypted = false;
	return (record) => {
		const finished = encrypted && record[0] === HANDSHAKE;
		encrypted ||= record[0] === 20;
		return [finished ? flipped(record, record.length - 1) : record];
	};
}
