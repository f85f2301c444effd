import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTopicFilter, isTopicName, topicMatches } from "../../firmware/mqtt/topics.js";

describe("topic names", () => {
	it("are at least one character [MQTT-4.7.3-1], and may be odd", () => {
		for (const name of ["a", "/", "//", " ", "a b/c", "$SYS/x", "ä/😀", "a/", "/a"])
			expect(isTopicName(name)).toBe(true);
		expect(isTopicName("")).toBe(false);
	});

	it("hold no wildcard [MQTT-3.3.2-2] and no U+0000 [MQTT-4.7.3-2]", () => {
		for (const name of ["#", "a/#", "+", "a/+/b", "a+", "a\0b"]) expect(isTopicName(name)).toBe(false);
	});
});

describe("topic filters (§4.7.1)", () => {
	it("have wildcards as whole levels", () => {
		for (const filter of ["#", "+", "a/#", "/#", "+/+", "+/#", "a/+/b", "/+", "+/", "a", "/", "a//b", "$SYS/#", "ä/+"])
			expect(isTopicFilter(filter), filter).toBe(true);
	});

	it("have no others, nor '#' before the end, nor nothing, nor U+0000", () => {
		for (const filter of [
			"",
			"a#",
			"#/a",
			"a/#/b",
			"##",
			"a/##",
			"a+",
			"+a",
			"a/+b/c",
			"a/b+",
			"++",
			"a\0",
			"#+",
			"+#",
		])
			expect(isTopicFilter(filter), filter).toBe(false);
	});

	it("share with a named group and a filter (§4.8.2)", () => {
		for (const filter of ["$share/g/a", "$share/g/#", "$share/g/+/b", "$share/g//"])
			expect(isTopicFilter(filter)).toBe(true);
		for (const filter of ["$share/g", "$share/g/", "$share//a", "$share/+/a", "$share/#/a", "$share/g+/a", "$share/"])
			expect(isTopicFilter(filter), filter).toBe(false);
	});
});

it("are text that can be sent: no half of a surrogate pair [MQTT-1.5.4-1]", () => {
	for (const half of ["\ud83d", "\ude00", "a/\ud83d/b", "\ude00\ud83d"]) {
		expect(isTopicName(half)).toBe(false);
		expect(isTopicFilter(`${half}/#`)).toBe(false);
		expect(isTopicFilter(`$share/${half}/a`)).toBe(false);
	}
	expect(isTopicName("\ud83d\ude00")).toBe(true);
});

/** Text of all that topics are made of, and of what they must not be made of. */
const odd = fc.array(fc.constantFrom("/", "/", "+", "#", "a", "$share/", "$", "\0", "\ud800", "😀"), { maxLength: 8 });

describe("any text", () => {
	it("is a topic, or a filter, as a plain reading of the specification has it", () => {
		const sendable = (text: string) => !text.includes("\0") && Buffer.from(text).toString() === text;
		const level = (text: string, isLast: boolean) => !/[+#]/.test(text) || text === "+" || (text === "#" && isLast);
		const plain = (text: string) =>
			text !== "" && text.split("/").every((one, at, all) => level(one, at === all.length - 1));
		const filter = (text: string) => {
			const shared = /^\$share\/([^/+#]+)\/(.+)$/s.exec(text);
			return sendable(text) && plain(text.startsWith("$share/") ? (shared?.[2] ?? "") : text);
		};
		fc.assert(
			fc.property(odd, (pieces) => {
				const text = pieces.join("");
				expect(isTopicName(text), JSON.stringify(text)).toBe(text !== "" && sendable(text) && !/[+#]/.test(text));
				expect(isTopicFilter(text), JSON.stringify(text)).toBe(filter(text));
			}),
			{ numRuns: 5_000 },
		);
	});
});

/** The specification's words, with the levels laid out. */
function expected(filter: string, topic: string): boolean {
	const filters = filter.split("/");
	const levels = topic.split("/");
	if (topic.startsWith("$") && (filters[0] === "+" || filters[0] === "#")) return false;
	const open = filters.at(-1) === "#";
	if (open) filters.pop();
	if (open ? levels.length < filters.length : levels.length !== filters.length) return false;
	return filters.every((level, index) => level === "+" || level === levels[index]);
}

describe("matching", () => {
	it("follows the specification's examples (§4.7.1.2, §4.7.1.3, §4.7.2)", () => {
		const yes = [
			["sport/tennis/player1/#", "sport/tennis/player1"],
			["sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"],
			["sport/#", "sport"],
			["#", "anything/at/all"],
			["sport/tennis/+", "sport/tennis/player1"],
			["sport/+", "sport/"],
			["+/+", "/finance"],
			["/+", "/finance"],
			["$SYS/#", "$SYS/a"],
			["$SYS/monitor/+", "$SYS/monitor/Clients"],
			["$share/group/room/+", "room/one"],
		];
		const no = [
			["sport/tennis/+", "sport/tennis/player1/ranking"],
			["sport/+", "sport"],
			["+", "/finance"],
			["#", "$SYS/a"],
			["+/monitor/Clients", "$SYS/monitor/Clients"],
			["ACCOUNTS", "Accounts"],
			["sport/#", "sports"],
			["a", "a/"],
		];
		for (const [filter, topic] of yes)
			expect(topicMatches(filter as string, topic as string), `${filter} ${topic}`).toBe(true);
		for (const [filter, topic] of no)
			expect(topicMatches(filter as string, topic as string), `${filter} ${topic}`).toBe(false);
	});

	it("agrees with a plain reading of the specification", () => {
		const level = fc.constantFrom("", "a", "b", "aa", "$a");
		const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"));
		const filter = fc
			.tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 4 }), fc.boolean())
			.map(([levels, open]) => (open ? [...levels, "#"] : levels).join("/"));
		fc.assert(
			fc.property(filter, topic, (one, other) => {
				fc.pre(isTopicFilter(one) && isTopicName(other));
				expect(topicMatches(one, other)).toBe(expected(one, other));
			}),
			{ numRuns: 3_000 },
		);
	});
});
