import { isId } from "../model/names.js";
import { isTopicName } from "../mqtt/topics.js";
import type { SessionOptions } from "../mqtt/types.js";
import type { BrokerAddress, LinkOptions } from "../net/types.js";

/** What differs between two devices that run the same firmware. Comes from outside the tracked files. */
export interface Settings {
	/** `[a-z0-9-]{1,32}`; the board's unique id unless given. */
	readonly id?: string | undefined;
	/** First level of every topic; `farpin` unless given. */
	readonly root?: string | undefined;
	readonly broker: BrokerSettings;
	/** Where to go when `broker` cannot be reached, the preferred first. */
	readonly otherBrokers?: readonly BrokerSettings[] | undefined;
	/** Host name or address of an SNTP server; several public ones unless given. */
	readonly timeServer?: string | undefined;
	/** Those to ask when `timeServer` does not answer. */
	readonly otherTimeServers?: readonly string[] | undefined;
	/** When this firmware was built, milliseconds since 1970. */
	readonly builtMs?: number | undefined;
}

export interface BrokerSettings extends BrokerAddress {
	readonly username?: string | undefined;
	readonly password?: string | undefined;
}

const TIME_SERVERS: readonly string[] = Object.freeze(["pool.ntp.org", "time.cloudflare.com", "time.google.com"]);
const ROOT = "farpin";
const KEEP_ALIVE_S = 30;
const PACKET_BYTES_MAX = 4_096; // `about` of some twenty entities; what is larger is refused before it is buffered
const IN_FLIGHT_MAX = 8;

/** The device's name on the wire. A setting that cannot be one must not keep the device from its work. */
export function deviceId({ id }: Settings, uniqueId: string): string {
	return id !== undefined && isId(id) ? id : uniqueId;
}

/** The beginning of every topic of the device, with its last slash. */
export function topicPrefix({ root }: Settings, id: string): string {
	return `${root !== undefined && isTopicName(root) ? root : ROOT}/${id}/`;
}

/** What is wrong with the settings, in plain words, or undefined. */
export function settingsFault({ id, root }: Settings): string | undefined {
	if (id !== undefined && !isId(id)) return `"${id}" is no name for a device: use 1 to 32 of a-z, 0-9 and -`;
	if (root !== undefined && !isTopicName(root)) return `"${root}" is not a topic that one can publish to`;
	return undefined;
}

/** The brokers in order of preference. */
export function brokersOf({ broker, otherBrokers = [] }: Settings): readonly BrokerSettings[] {
	return [broker, ...otherBrokers];
}

/** Where the link is to lead. */
export function linkOptions(settings: Settings): LinkOptions {
	const { timeServer, otherTimeServers = [], builtMs } = settings;
	const timeServers = timeServer === undefined ? TIME_SERVERS : [timeServer, ...otherTimeServers];
	return { brokers: brokersOf(settings), timeServers, builtMs };
}

/** How the device introduces itself, wherever it is: what belongs to one broker changes with it. */
export type DeviceSession = { -readonly [Key in keyof SessionOptions]: SessionOptions[Key] };

/** How the device `id` introduces itself to the broker. */
export function sessionOptions(settings: Settings, id: string): DeviceSession {
	const { username, password } = settings.broker;
	return {
		clientId: `farpin-${id}`,
		username,
		password,
		keepAliveS: KEEP_ALIVE_S,
		will: { topic: `${topicPrefix(settings, id)}status`, payload: "offline", qos: 1, retain: true },
		receiveBytesMax: PACKET_BYTES_MAX,
		sendBytesMax: PACKET_BYTES_MAX,
		inFlightMax: IN_FLIGHT_MAX,
	};
}
