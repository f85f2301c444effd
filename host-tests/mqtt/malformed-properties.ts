import {
	type Bytes,
	CONNACK,
	first,
	NAMES,
	packet,
	properties,
	SUBACK,
	sized,
	UNSUBACK,
	varint,
} from "./malformed-bytes.js";
import {
	type Case,
	closes,
	EITHER,
	MALFORMED,
	PROTOCOL,
	parts,
	rightPacket,
	rightVerdict,
	sceneOf,
	type Verdict,
} from "./malformed-case.js";
import {
	BAD_TEXTS,
	ODD_TEXTS,
	PROPERTIES,
	type Property,
	rightValues,
	WITH_PROPERTIES,
	wrongValues,
} from "./malformed-spec.js";

const TOPIC_ALIAS_INVALID: readonly number[] = [0x94];

/** A packet of this type, right but for its properties. */
function withProperties(type: number, group: string, what: string, list: readonly Bytes[], verdict?: Verdict): Case {
	return {
		version: 5,
		scene: sceneOf(type),
		group,
		what: `${NAMES[type]}: ${what}`,
		bytes: rightPacket(type, 5, { properties: properties(...list) }),
		verdicts: [verdict ?? rightVerdict(type, 5)],
	};
}

function* placesOf(): Generator<{ readonly type: number; readonly property: Property }> {
	for (const property of PROPERTIES) for (const type of property.places) yield { type, property };
}

/** Table 2-4: what may stand where. */
function* misplaced(): Generator<Case> {
	const known = new Map(PROPERTIES.map((property) => [property.id, property]));
	for (const type of WITH_PROPERTIES)
		for (let id = 0; id < 128; id++) {
			const property = known.get(id);
			if (property?.places.includes(type)) continue;
			const [value = []] = property === undefined ? [[0]] : rightValues(property.kind);
			const group = "a property that the packet cannot have (§2.2.2.2)";
			// These a CONNACK can have, for who asked for it [MQTT-4.12.0-6, 3.1.2-28].
			const codes = type === CONNACK && [21, 22, 26].includes(id) ? PROTOCOL : MALFORMED;
			yield withProperties(type, group, property?.name ?? `property ${id}`, [[id, ...value]], closes(codes));
		}
	for (const type of WITH_PROPERTIES)
		for (const id of [[0x80, 0x01], [0xff, 0x7f], [0x80, 0x80, 0x80, 0x80, 0x01], [0x80]]) {
			const group = "a property identifier of more than one byte (§2.2.2.2)";
			yield withProperties(type, group, id.join(), [id], closes(MALFORMED));
		}
	for (const { type, property } of placesOf()) {
		const id = varint(property.id, 2);
		const group = "a property identifier not in its shortest form [MQTT-1.5.5-1]";
		for (const value of rightValues(property.kind).slice(0, 1))
			yield withProperties(type, group, property.name, [[...id, ...value]], closes(EITHER));
	}
}

/** "It is a Protocol Error to include the ... more than once." */
function* repeated(): Generator<Case> {
	for (const { type, property } of placesOf()) {
		const [one = [], other = one] = rightValues(property.kind);
		const between = property.id === 38 ? [] : [38, ...sized("between"), ...sized("")];
		const group = property.repeats ? "a property that may stand twice" : "a property that stands twice (§2.2.2.2)";
		const verdict = property.repeats ? undefined : closes(PROTOCOL);
		for (const [what, list] of [
			[
				"alike",
				[
					[property.id, ...one],
					[property.id, ...one],
				],
			],
			[
				"different",
				[
					[property.id, ...one],
					[property.id, ...other],
				],
			],
			["apart", [[property.id, ...one], between, [property.id, ...one]]],
			[
				"three times",
				[
					[property.id, ...other],
					[property.id, ...one],
					[property.id, ...other],
				],
			],
		] as const)
			yield withProperties(type, group, `${property.name}, ${what}`, list, verdict);
	}
}

function* values(): Generator<Case> {
	for (const { type, property } of placesOf()) {
		const { id, name, kind } = property;
		for (const value of rightValues(kind)) {
			yield withProperties(type, "a property as it should be", `${name} ${value.join()}`, [[id, ...value]]);
			for (let at = 0; at < value.length; at++) {
				const group = "a property cut short (§2.2.2.1)";
				yield withProperties(
					type,
					group,
					`${name} ${value.join()} to byte ${at}`,
					[[id, ...value.slice(0, at)]],
					closes(MALFORMED),
				);
			}
		}
		for (const value of wrongValues(kind)) {
			const codes = name === "Topic Alias" ? TOPIC_ALIAS_INVALID : PROTOCOL;
			yield withProperties(
				type,
				"a property out of its range (§3)",
				`${name} ${value.join()}`,
				[[id, ...value]],
				closes(codes),
			);
		}
		if (kind === "varint from 1")
			for (const value of [varint(1, 2), varint(1, 4), [0x80, 0x80, 0x80, 0x80, 0x01], [0xff, 0xff, 0xff, 0xff]]) {
				const group = "a number written wrongly (§1.5.5)";
				yield withProperties(type, group, `${name} ${value.join()}`, [[id, ...value]], closes(EITHER));
			}
	}
}

/** Where a text stands in a property, as a function of it. */
function* textFields(): Generator<{ type: number; name: string; field: (text: Bytes) => Bytes }> {
	for (const { type, property } of placesOf()) {
		const { id, name, kind } = property;
		if (kind === "text") yield { type, name, field: (text) => [id, ...sized(text)] };
		if (kind !== "pair") continue;
		yield { type, name: `${name}, its name`, field: (text) => [id, ...sized(text), ...sized("v")] };
		yield { type, name: `${name}, its value`, field: (text) => [id, ...sized("n"), ...sized(text)] };
	}
}

function* texts(): Generator<Case> {
	for (const { type, name, field } of textFields()) {
		for (const [what, text] of BAD_TEXTS)
			yield withProperties(
				type,
				"text that is not UTF-8 [MQTT-1.5.4-1, -2]",
				`${name}, ${what}`,
				[field(text)],
				closes(MALFORMED),
			);
		for (const [what, text] of ODD_TEXTS)
			yield withProperties(type, "text that is unusual (§1.5.4)", `${name}, ${what}`, [field(text)]);
		if (name !== "Response Topic")
			yield withProperties(type, "text that is unusual (§1.5.4)", `${name}, empty`, [field([])]);
	}
	for (const { type, property } of placesOf()) {
		if (!["text", "binary", "pair"].includes(property.kind)) continue;
		for (const length of [
			[0, 3],
			[1, 0],
			[0xff, 0xff],
		]) {
			const group = "text or data that runs past its end (§1.5.4, §1.5.6)";
			yield withProperties(
				type,
				group,
				`${property.name}, ${length.join()}`,
				[[property.id, ...length, 0x61, 0x62]],
				closes(MALFORMED),
			);
		}
	}
}

/** The length of all properties together (§2.2.2.1), against what is there. */
function* totals(): Generator<Case> {
	const one = [38, ...sized("n"), ...sized("v")];
	for (const type of WITH_PROPERTIES) {
		const scene = sceneOf(type);
		const base = { version: 5, scene } as const;
		const replace = (list: Bytes) =>
			packet(first(type), ...parts(type, 5, { properties: list, payload: [] }).map(({ bytes }) => bytes));
		const name = NAMES[type];
		for (const more of [one.length + 4, 127, 128, 16_383, 2_097_151, 268_435_455]) {
			const bytes = replace([...varint(more), ...one]);
			yield {
				...base,
				group: "properties that run past the packet (§2.2.2.1)",
				what: `${name}, ${more}`,
				bytes,
				verdicts: [closes(MALFORMED)],
			};
		}
		// What follows could be the rest of them.
		yield {
			...base,
			group: "properties that run past the packet (§2.2.2.1)",
			what: `${name}, into what looks like one`,
			bytes: [...replace([...varint(2 * one.length), ...one]), ...one],
			verdicts: [closes(MALFORMED)],
		};
		for (let less = 1; less < one.length; less++) {
			const bytes = replace([less, ...one]);
			yield {
				...base,
				group: "properties cut by their length (§2.2.2.1)",
				what: `${name}, ${less}`,
				bytes,
				verdicts: [closes(MALFORMED)],
			};
		}
		for (const size of [2, 3, 4]) {
			const bytes = replace([...varint(one.length, size), ...one]);
			yield {
				...base,
				group: "a property length not in its shortest form [MQTT-1.5.5-1]",
				what: `${name}, ${size} bytes`,
				bytes,
				verdicts: [closes(EITHER)],
			};
		}
		for (const list of [
			[0x80, 0x80, 0x80, 0x80, 0x00],
			[0x80, 0x80, 0x80, 0x80, 0x01],
			[0xff, 0xff, 0xff, 0xff, 0x7f],
		]) {
			const bytes = replace([...list, ...one]);
			yield {
				...base,
				group: "a property length of five bytes (§1.5.5)",
				what: `${name}, ${list.join()}`,
				bytes,
				verdicts: [closes(MALFORMED)],
			};
		}
		// One byte less than it needs: what follows is read as the end of it, or is missing.
		if (type === SUBACK || type === UNSUBACK) {
			const bytes = replace([one.length + 1, ...one]);
			yield {
				...base,
				group: "properties that take the codes too",
				what: `${name}`,
				bytes,
				verdicts: [closes(EITHER)],
			};
		}
	}
}

export function* propertyCases(): Generator<Case> {
	yield* misplaced();
	yield* repeated();
	yield* values();
	yield* texts();
	yield* totals();
}
