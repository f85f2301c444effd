import type { LightDefinition, SwitchDefinition } from "./actuators.js";
import type { Cloud } from "./cloud.js";
import { describeEntities } from "./describe.js";
import type { Encoding, PreparedName } from "./document.js";
import type { Envelope } from "./envelope.js";
import type { BinarySensorDefinition, ButtonDefinition } from "./inputs.js";
import { json } from "./json.js";
import type { LogLevel } from "./log-level.js";
import { kebabCase } from "./names.js";
import type { NumberDefinition } from "./number.js";
import { type Handles, handleOf, type Rule } from "./rules.js";
import type { Bus, Buses, SensorDefinition } from "./sensor.js";
import type { Signing } from "./signing.js";
import { seconds } from "./units.js";
import type { Updates } from "./updates.js";

export type Definition =
	| SensorDefinition
	| BinarySensorDefinition
	| SwitchDefinition
	| LightDefinition
	| NumberDefinition
	| ButtonDefinition;

export type Kind = Definition["kind"];

/** One entity of a device as the runtime and every description of it see it. */
export interface Part {
	/** The key in the device file. */
	readonly key: string;
	/** The key in kebab-case: its name on the wire. */
	readonly id: string;
	/** Its number among the device's parts. */
	readonly index: number;
	/** Number of its first `state` topic among those of the device, and how many it has: a sensor one for each value. */
	readonly stateIndex: number;
	readonly stateCount: number;
	readonly definition: Definition;
	/** For sensors, the wire names of what is measured, in the order of `measures`; empty for other kinds. */
	readonly valueIds: readonly string[];
	/** For sensors, the names of what is measured. */
	readonly measureKeys: readonly string[];
	/** For sensors, how many decimal places a batch gives each value. */
	readonly valueDecimals: readonly number[];
}

/** The names of the members of a batch of samples, as the device's encoding wants them. */
export interface BatchNames {
	readonly boot: PreparedName;
	readonly backlog: PreparedName;
	readonly samples: PreparedName;
	readonly seq: PreparedName;
	readonly time: PreparedName;
	readonly values: PreparedName;
	/** The names of the values in there, by part, in the order of its `measures`. */
	readonly byPart: readonly (readonly PreparedName[])[];
}

export interface Device {
	readonly name: string;
	readonly buses: Buses;
	readonly parts: readonly Part[];
	readonly rules: readonly Rule[];
	/** Milliseconds between two telemetry batches. */
	readonly telemetryEveryMs: number;
	/** What its documents are written in. */
	readonly encoding: Encoding;
	/** From which level on it sends what it has to say to the topic `log`, until a command asks for another. */
	readonly log: LogLevel;
	/** How it tells who may command it; undefined for a device that leaves that to its broker. */
	readonly signing: Signing | undefined;
	/** What it puts its messages into; undefined for none. */
	readonly envelope: Envelope | undefined;
	/** Prepared here, so that on the chip they are constants in flash. */
	readonly names: BatchNames;
	/** The entities as `about` tells of them, in JSON: made once, so that on the chip it is a constant in flash. */
	readonly entitiesJson: string;
	/** How it is renewed from afar; absent from a device that is not. */
	readonly updates?: Updates;
	/** Where it is at home, when that is more than a broker; absent otherwise. */
	readonly cloud?: Cloud;
}

export interface DeviceSpec<E extends Readonly<Record<string, Definition>>, B extends Readonly<Record<string, Bus>>> {
	readonly name: string;
	readonly buses?: B;
	readonly entities: E;
	/** What the device does by itself, with or without a network. */
	readonly rules?: (handles: Handles<E>) => readonly Rule[];
	/** Milliseconds between two telemetry batches; 10 seconds unless set. */
	readonly telemetryEvery?: number;
	/**
	 * What everything but bare values is written in: JSON unless set to `messagePack`, which is a fifth shorter and
	 * which fewer programs can read. A device reads commands in JSON, and in its own encoding.
	 */
	readonly encoding?: Encoding;
	/** From which level on it sends what it has to say to the topic `log`; "off" unless set. A command may ask for another. */
	readonly log?: LogLevel;
	/** `signedCommands()`: what moves the device has to be signed. Otherwise whoever may publish to its topics commands it. */
	readonly signing?: Signing<keyof E & string>;
	/** `updates({ version: "1.0.0" })` lets the device be renewed from afar; without, it takes none of that with it. */
	readonly updates?: Updates;
	/** `awsIot()`, `azureIotHub()` and so on: how the device introduces itself there, and what that cloud has beside topics. */
	readonly cloud?: Cloud;
	/** `signedTelemetry({ key })` or `sealedMessages({ key })`, for a broker that is not trusted. */
	readonly envelope?: Envelope;
}

/** Describes a device: what is wired where, and what it does by itself. Pure; `checkDevice` says what is wrong with it. */
export function defineDevice<
	const E extends Readonly<Record<string, Definition>>,
	const B extends Readonly<Record<string, Bus>>,
>(spec: DeviceSpec<E, B>): Device {
	const { name, buses = {}, entities, telemetryEvery = seconds(10), encoding = json } = spec;
	const keys = Object.keys(entities);
	const handles = Object.fromEntries(keys.map((key) => [key, handleOf(key)])) as unknown as Handles<E>;
	const parts: Part[] = [];
	for (const key of keys) parts.push(partOf(key, entities[key] as Definition, parts));
	return {
		name,
		buses,
		parts,
		rules: spec.rules?.(handles) ?? [],
		telemetryEveryMs: telemetryEvery,
		encoding,
		log: spec.log ?? "off",
		signing: spec.signing,
		envelope: spec.envelope,
		names: batchNames(encoding, parts),
		entitiesJson: JSON.stringify(describeEntities(parts)),
		...(spec.updates === undefined ? {} : { updates: spec.updates }),
		...(spec.cloud === undefined ? {} : { cloud: spec.cloud }),
	};
}

/** The same device, with its documents written in `encoding`. */
export function inEncoding(device: Device, encoding: Encoding): Device {
	return { ...device, encoding, names: batchNames(encoding, device.parts) };
}

function batchNames(encoding: Encoding, parts: readonly Part[]): BatchNames {
	return {
		boot: encoding.name("boot"),
		backlog: encoding.name("backlog"),
		samples: encoding.name("samples"),
		seq: encoding.name("seq"),
		time: encoding.name("time"),
		values: encoding.name("values"),
		byPart: parts.map(({ valueIds }) => valueIds.map((id) => encoding.name(id))),
	};
}

/** The part that comes after those of `before`. */
function partOf(key: string, definition: Definition, before: readonly Part[]): Part {
	const id = kebabCase(key);
	const last = before.at(-1);
	const place = {
		key,
		id,
		index: before.length,
		stateIndex: last === undefined ? 0 : last.stateIndex + last.stateCount,
	};
	if (definition.kind !== "sensor") {
		const stateCount = definition.kind === "button" ? 0 : 1;
		return { ...place, stateCount, definition, valueIds: [], measureKeys: [], valueDecimals: [] };
	}
	const measureKeys = Object.keys(definition.measures);
	const valueIds = measureKeys.length === 1 ? [id] : measureKeys.map((measure) => `${id}-${kebabCase(measure)}`);
	const valueDecimals = Object.values(definition.measures).map(({ decimals }) => decimals);
	return { ...place, stateCount: valueIds.length, definition, valueIds, measureKeys, valueDecimals };
}
