import type { Text } from "../../firmware/ports/text.js";
import { type Bytes, NAMES, PINGRESP, PUBLISH, properties, seeded, sized, word } from "./malformed-bytes.js";
import { type Case, rightPacket, sceneOf } from "./malformed-case.js";
import { serverTypes } from "./malformed-header.js";
import { type Chunking, cutUp, Stage } from "./malformed-stage.js";

type Random = (below: number) => number;

/** Good messages that follow, for each version: more bytes of them than any packet could swallow. */
const FOLLOWING = { 4: following(4), 5: following(5) };

function following(version: 4 | 5): Bytes {
	const good = [...rightPacket(PINGRESP, version), ...rightPacket(PUBLISH, version, { topic: "after" })];
	return Array.from({ length: 20 }, () => good).flat();
}

/** A good packet of any kind, with much that can be spoiled. */
function goodPacket(version: 4 | 5, random: Random): Bytes {
	const types = serverTypes(version);
	const type = random(3) === 0 ? PUBLISH : (types[random(types.length)] as number);
	if (type !== PUBLISH) return rightPacket(type, version);
	const lists = [
		properties(),
		properties([1, 1], [2, 0, 0, 0, 9], [3, ...sized("text")], [38, ...sized("n"), ...sized("v")]),
		properties([8, ...sized("r")], [9, ...sized([1, 2])], [11, 5], [35, ...word(1 + random(3))]),
	];
	const qos = random(3) as 0 | 1 | 2;
	const topic = random(4) === 0 ? [0xf0, 0x9f, 0x98, 0x80] : "topic";
	return rightPacket(PUBLISH, version, { qos, id: 1 + random(12), topic, properties: lists[random(3)] as Bytes });
}

/** Changes one place of `bytes` in one way. */
function spoil(bytes: number[], random: Random): void {
	const at = random(bytes.length);
	switch (random(8)) {
		case 0:
			bytes[at] = (bytes[at] as number) ^ (1 << random(8));
			break;
		case 1:
			bytes[at] = random(256);
			break;
		case 2:
			bytes.splice(at, 0, random(256));
			break;
		case 3:
			bytes.splice(at, 1 + random(4));
			break;
		case 4:
			bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random(8)));
			break;
		case 5:
			bytes.length = at + 1;
			break;
		case 6:
			bytes[at] = [0x00, 0x01, 0x7f, 0x80, 0xff][random(5)] as number;
			break;
		default:
			bytes.splice(random(bytes.length), 0, ...bytes.splice(at, 1 + random(6)));
	}
}

/** Some good packets, spoiled in one to three places, from a seed. */
export function mutation(seed: number): Pick<Case, "version" | "scene" | "bytes"> {
	const random = seeded(seed);
	const version = random(4) === 0 ? 4 : 5;
	const types = serverTypes(version);
	const scene = random(3) === 0 ? sceneOf(types[random(types.length)] as number) : "online";
	const bytes = Array.from({ length: 1 + random(4) }, () => goodPacket(version, random)).flat();
	for (let places = 1 + random(3); places > 0 && bytes.length > 0; places--) spoil(bytes, random);
	return { version, scene, bytes };
}

/**
 * Plays a mutation in the given chunkings and says which invariant it breaks, or undefined. Whatever the bytes: nothing
 * is thrown, the outcome is the same in all chunkings, a session ends once at most and leaves nothing due or unsaid, it
 * sends no more than it was sent, and one that goes on still hears.
 */
export function tryMutation(seed: number, text: Text, chunkings: readonly Chunking[]): string | undefined {
	const { version, scene, bytes } = mutation(seed);
	let before: string | undefined;
	for (const chunking of chunkings) {
		try {
			const stage = new Stage(version, scene, text);
			for (const chunk of cutUp([...bytes, ...FOLLOWING[version]], chunking, seed)) stage.play(chunk);
			const broken = stage.breaks(bytes.length);
			if (broken !== undefined) return `seed ${seed}, ${chunking}: ${broken}`;
			const outcome = stage.outcome();
			if (before !== undefined && outcome !== before) return `seed ${seed}: ${outcome}\nin ${chunking}, and\n${before}`;
			before = outcome;
		} catch (error) {
			return `seed ${seed}, ${chunking}: it threw ${error instanceof Error ? error.stack : error}`;
		}
	}
	return undefined;
}

/** What a mutation looks like, for the report of a failure. */
export function describeMutation(seed: number): string {
	const { version, scene, bytes } = mutation(seed);
	return `MQTT ${version}, ${scene}, ${NAMES[(bytes[0] ?? 0) >> 4]}: ${bytes.join()}`;
}
