import type { Plugin } from "rollup";

/** Something to be left out, and how often it is there. */
type Unused = readonly [part: RegExp, times: number];

/**
 * What of mqtt-packet no device uses: the other half of each packet is a broker's, and those that come and go all the time
 * the firmware reads and writes itself. What is asked for all the same, mqtt-packet refuses as it does any unknown packet.
 */
const UNUSED: Readonly<Record<string, readonly Unused[]>> = {
	"mqtt-packet/writeToStream.js": [
		[
			/^ {4}case '(?:connack|publish|pub(?:ack|rec|rel|comp)|suback|unsuback|ping\w+|auth)':\n(?: {6}return .*\n)?/gm,
			11,
		],
	],
	"mqtt-packet/parser.js": [
		[/^ {8}case '(?:connect|publish|pub(?:ack|rec|rel|comp)|subscribe|unsubscribe|auth)':\n(?: {10}.*\n)*/gm, 9],
		[/^ {2}_parse(?:Connect|Publish|Confirmation|Subscribe|Unsubscribe|Auth) \(\) \{\n(?: {4}.*\n|\n)*^ {2}\}\n/gm, 6],
	],
};

/** Leaves it out: an eighth of the code of a small device. Fails where mqtt-packet is not the one that this was written for. */
export function withoutUnused(): Plugin {
	return {
		name: "without what no device uses",
		transform(code, id) {
			const file = id.replaceAll("\\", "/"); // as Windows has it
			const [, unused] = Object.entries(UNUSED).find(([path]) => file.endsWith(`/node_modules/${path}`)) ?? [];
			if (unused === undefined) return null;
			let left = code;
			for (const [part, times] of unused) {
				if (left.match(part)?.length !== times) this.error(`${id} is not as scripts/build/mqtt-packet.ts has it`);
				left = left.replace(part, "");
			}
			return { code: left, map: null };
		},
	};
}
