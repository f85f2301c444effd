import type { SessionOptions } from "../mqtt/types.js";
import type { BrokerAddress } from "../net/types.js";

/** What differs between two devices that run the same firmware. Comes from outside the tracked files. */
export interface Settings {
	/** `[a-z0-9-]{1,32}`; the board's unique id unless given. */
	readonly id?: string | undefined;
	/** First level of every topic; `farpin` unless given. */
	readonly root?: string | undefined;
	readonly broker: BrokerSettings;
	/** Host name or address of an SNTP server; `pool.ntp.org` unless given. */
	readonly timeServer?: string | undefined;
}

export interface BrokerSettings extends BrokerAddress {
	readonly username?: string | undefined;
	readonly password?: string | undefined;
}

const KEEP_ALIVE_S = 30;
const PACKET_BYTES_MAX = 4_096; // `about` of some twenty entities; what is larger is refused before it is buffered
const IN_FLIGHT_MAX = 8;

/** The beginning of every topic of the device, with its last slash. */
export function topicPrefix(settings: Settings, id: string): string {
	return `${settings.root ?? "farpin"}/${id}/`;
}

/** How the device `id` introduces itself to the broker. */
export function sessionOptions(settings: Settings, id: string): SessionOptions {
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
