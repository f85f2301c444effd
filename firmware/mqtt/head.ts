import type { PublishExtras } from "./types.js";

/** Everything before the payload in one kind of message (MQTT 5 §3.3), made once. */
export interface Head {
	readonly topic: string;
	readonly extras: PublishExtras | undefined;
	/** The first byte without the type: QoS and RETAIN. */
	readonly flags: number;
	readonly bytes: Uint8Array;
	/** How many bytes that is, and how many of them are counted by the length of the packet. */
	readonly size: number;
	readonly rest: number;
	/** Where the identifier goes; of QoS 0 there is none. */
	readonly idAt: number;
	/** What stands for the topic, 0 where it stands for itself. */
	readonly alias: number;
}

/** Of no message at all. */
export const NO_HEAD: Head = Object.freeze({
	topic: "",
	extras: undefined,
	flags: -1,
	bytes: new Uint8Array(0),
	size: 0,
	rest: 0,
	idAt: 0,
	alias: 0,
});

/** Where the body of the packet in `bytes` begins: behind its length. */
export function bodyStart(bytes: Uint8Array): number {
	let at = 1;
	while ((bytes[at] as number) > 0x7f) at++;
	return at + 1;
}

/** Whether this head begins the messages of that kind. */
export function isOf(
	head: Head,
	flags: number,
	topic: string,
	extras: PublishExtras | undefined,
	alias: number,
): boolean {
	return head.flags === flags && head.topic === topic && head.extras === extras && head.alias === alias;
}

/** A message that carries no more than its content type may come again with the same; all else belongs to one message. */
export function isRepeated(extras: PublishExtras | undefined): boolean {
	if (extras === undefined) return true;
	const { correlationData, messageExpiryS, responseTopic, userProperties } = extras;
	if (correlationData !== undefined || messageExpiryS !== undefined) return false;
	return responseTopic === undefined && userProperties === undefined;
}
