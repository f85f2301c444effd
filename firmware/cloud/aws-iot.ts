import type { BrokerFacts, Cloud } from "../model/cloud.js";
import type { Device } from "../model/device.js";
import { seconds } from "../model/units.js";
import { AwsShadow } from "./aws-shadow.js";

export interface AwsIotOptions {
	/** The name of the thing that a device with this id is, and its client identifier; `farpin-<id>` unless given. */
	readonly thingName?: (id: string) => string;
	/** Milliseconds between two updates of the shadow, at least; 5 seconds unless set. Every update costs. */
	readonly shadowEvery?: number;
}

const NAME = "AWS IoT Core";
const ALPN_PORT = 443;
const ALPN = "x-amzn-mqtt-ca";
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#limits_iot
const NAME_LENGTH_MAX = 128;
const TOPIC_BYTES_MAX = 256;
const SLASHES_MAX = 7;
const PUBLISHES_PER_SECOND = 100;
const SHADOW_MS_MIN = 100; // ten updates of one shadow at the same time, of which each takes about a second
const ID_LENGTH_MAX = 32; // the longest id of a device, or name of an entity
const BELOW_ROOT = `/${"x".repeat(ID_LENGTH_MAX)}/${"x".repeat(ID_LENGTH_MAX)}/state`;

/**
 * AWS IoT Core, with a certificate of the device. Our topics are its topics; retained messages and wills work as usual. In
 * addition the classic shadow of the thing has the states of all entities as reported, and settings follow what it has as
 * desired; and a device that can be renewed takes updates as jobs.
 *
 * https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html: MQTT with a client certificate at port 8883, and at
 * port 443 when ALPN asks for `x-amzn-mqtt-ca`; QoS 0 and 1. The client identifier should be the name of the thing: policies
 * that speak of `iot:Connection.Thing.ThingName` want that.
 */
export function awsIot({ thingName = farpinName, shadowEvery = seconds(5) }: AwsIotOptions = {}): Cloud {
	return Object.freeze<Cloud>({
		name: NAME,
		clientId: thingName,
		username: () => undefined, // a certificate says it
		password: () => undefined,
		protocol: (port) => (port === ALPN_PORT ? ALPN : undefined),
		check: (device) => [
			...nameFaults(thingName("x".repeat(ID_LENGTH_MAX))),
			...rateFaults(device, shadowEvery),
			...envelopeFaults(device),
		],
		checkBroker,
		bridge: (owner, session) => new AwsShadow(owner, session, thingName(owner.id), shadowEvery),
	});
}

function farpinName(id: string): string {
	return `farpin-${id}`;
}

/** Names of things are made of letters, digits, and these three (CreateThing, thingName). */
function nameFaults(longest: string): string[] {
	const isFine = [...longest].every((char) => isLetterOrDigit(char) || ":_-".includes(char));
	if (isFine && longest.length > 0 && longest.length <= NAME_LENGTH_MAX) return [];
	return [`a thing's name has 1 to ${NAME_LENGTH_MAX} letters, digits, and characters of :_-, unlike ${longest}`];
}

function isLetterOrDigit(char: string): boolean {
	return (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || (char >= "0" && char <= "9");
}

/** The most that the device publishes in a second: every measurement may be a new state. */
function rateFaults({ parts }: Device, shadowEvery: number): string[] {
	const faults: string[] = [];
	let rate = 0;
	for (const { definition, stateCount } of parts)
		if (definition.kind === "sensor") rate += (stateCount * 1_000) / definition.everyMs;
	if (rate > PUBLISHES_PER_SECOND)
		faults.push(
			`its sensors have up to ${Math.ceil(rate)} new values a second, and a device may publish ${PUBLISHES_PER_SECOND}: raise \`every\``,
		);
	if (!(shadowEvery >= SHADOW_MS_MIN)) faults.push(`\`shadowEvery\` is not at least ${SHADOW_MS_MIN} ms`);
	return faults;
}

/** Jobs are told how updates end by reading the reports, as the device sends them. */
function envelopeFaults({ envelope, updates }: Device): string[] {
	if (updates === undefined || envelope?.covers("update") !== true) return [];
	return [
		`what it says of updates is sealed, and jobs of ${NAME} could not be told how they end: leave out one of them`,
	];
}

function checkBroker(facts: BrokerFacts): string[] {
	const faults: string[] = [];
	const { host, port, root } = facts;
	if (!facts.encrypted || facts.webSocket)
		faults.push(`${NAME} takes devices with certificates over MQTT and TLS only: write mqtts://`);
	else if (port !== 8883 && port !== ALPN_PORT)
		faults.push(`port ${port} is not one of ${NAME}, which are 8883 and ${ALPN_PORT}`);
	if (!facts.certificate) faults.push(`${NAME} wants a certificate of the device`);
	if (facts.username !== undefined || facts.password !== undefined)
		faults.push(`"user" and "password" are not for ${NAME}: the device's certificate says who it is`);
	if (host.includes(".iot.") && !host.includes("-ats.iot."))
		faults.push(`${host} is an old address of ${NAME}: take the one with -ats (aws iot describe-endpoint)`);
	const topic = root + BELOW_ROOT;
	if (topic.split("/").length - 1 > SLASHES_MAX) faults.push(`topics may have ${SLASHES_MAX} slashes: shorten "root"`);
	if (utf8Length(topic) > TOPIC_BYTES_MAX) faults.push(`topics may have ${TOPIC_BYTES_MAX} bytes: shorten "root"`);
	return faults;
}

function utf8Length(text: string): number {
	let bytes = 0;
	for (const char of text) {
		const code = char.codePointAt(0) as number;
		if (code < 0x80) bytes += 1;
		else if (code < 0x800) bytes += 2;
		else bytes += code < 0x1_0000 ? 3 : 4;
	}
	return bytes;
}
