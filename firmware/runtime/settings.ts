import type { Cloud, CloudPlace } from "../model/cloud.js";
import type { Device } from "../model/device.js";
import { isId } from "../model/names.js";
import type { UpdateTrust } from "../model/updates.js";
import { isTopicName } from "../mqtt/topics.js";
import type { SessionOptions, Will } from "../mqtt/types.js";
import type { BrokerAddress, LinkOptions } from "../net/types.js";
import type { Board } from "../ports/board.js";

/** What differs between two devices that run the same firmware. Comes from outside the tracked files. */
export interface Settings {
	/** A mark of settings that were put onto the board over USB: others, another mark. Absent for those of the build. */
	readonly origin?: string | undefined;
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
	/** Those that signed commands may be signed with, each a line: name, algorithm, bytes in Base64url, with `:` between. */
	readonly keys?: readonly string[] | undefined;
	/** When this firmware was built, milliseconds since 1970. */
	readonly builtMs?: number | undefined;
	/** Whom to believe about new firmware; absent where the device is not renewed from afar. */
	readonly updates?: Omit<UpdateTrust, "builtMs"> | undefined;
}

export interface BrokerSettings extends BrokerAddress {
	readonly username?: string | undefined;
	readonly password?: string | undefined;
}

const TIME_SERVERS: readonly string[] = Object.freeze(["pool.ntp.org", "time.cloudflare.com", "time.google.com"]);
const NO_KEYS: readonly string[] = Object.freeze([]);
const ROOT = "farpin";
const KEEP_ALIVE_S = 30;
const PACKET_BYTES_MAX = 4_096; // `about` of some twenty entities; what is larger is refused before it is buffered
const BLOCK_PACKET_BYTES = 4_608; // a sector of firmware, and room for its topic and what a server adds
const SETTINGS_PACKET_BYTES = 8_192; // an RSA key and two certificates, signed and sealed: that makes them 2.4 times as long
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

/** Where the link is to lead. */
export function linkOptions(settings: Settings, cloud?: Cloud): LinkOptions {
	const { broker, otherBrokers = [], timeServer, otherTimeServers = [], builtMs } = settings;
	const timeServers = timeServer === undefined ? TIME_SERVERS : [timeServer, ...otherTimeServers];
	const brokers = [broker, ...otherBrokers];
	if (cloud === undefined) return { brokers, timeServers, builtMs };
	return { brokers: brokers.map((each) => asking(each, cloud)), timeServers, builtMs, version: cloud.version };
}

/** The same broker, asked for the application protocol that the cloud wants at its port, unless the settings name one. */
function asking(broker: BrokerSettings, cloud: Cloud): BrokerAddress {
	const { tls } = broker;
	const protocol = tls?.protocol ?? cloud.protocol?.(broker.port);
	return tls === undefined || protocol === undefined ? broker : { ...broker, tls: { ...tls, protocol } };
}

/** What a session says of its device. */
interface SessionDevice {
	readonly id: string;
	readonly prefix: string;
	readonly board: Pick<Board, "clock" | "crypto" | "text">;
	readonly device: Pick<Device, "cloud" | "signing" | "updates">;
}

/** How a device introduces itself, wherever it is: what belongs to one broker changes with it. Asked for once a connection. */
export class DeviceSession implements SessionOptions {
	/** Which of the brokers that `linkOptions` tells of. */
	brokerIndex = 0;
	readonly settings: Settings;
	private readonly device: SessionDevice;

	constructor(settings: Settings, device: SessionDevice) {
		this.settings = settings;
		this.device = device;
	}

	/** Those that signed commands may be signed with. */
	get keys(): readonly string[] {
		return this.settings.keys ?? NO_KEYS;
	}

	get clientId(): string {
		const { id } = this.device;
		return this.cloud?.clientId?.(id) ?? `farpin-${id}`;
	}

	get username(): string | undefined {
		return this.cloud?.username === undefined ? this.broker.username : this.cloud.username(this.place);
	}

	get password(): string | undefined {
		return this.cloud?.password === undefined ? this.broker.password : this.cloud.password(this.place);
	}

	get keepAliveS(): number {
		return KEEP_ALIVE_S;
	}

	get will(): Will {
		if (this.cloud?.will !== undefined) return this.cloud.will(this.place);
		return { topic: `${this.device.prefix}status`, payload: "offline", qos: 1, retain: true };
	}

	get receiveBytesMax(): number {
		const { signing, updates } = this.device.device;
		if (signing?.settings !== undefined) return SETTINGS_PACKET_BYTES;
		return updates === undefined ? PACKET_BYTES_MAX : BLOCK_PACKET_BYTES;
	}

	get sendBytesMax(): number {
		return PACKET_BYTES_MAX;
	}

	get inFlightMax(): number {
		return IN_FLIGHT_MAX;
	}

	private get cloud(): Cloud | undefined {
		return this.device.device.cloud;
	}

	private get place(): CloudPlace {
		const { id, prefix, board } = this.device;
		const { host, username, password } = this.broker;
		return { id, prefix, board, host, username, password };
	}

	private get broker(): BrokerSettings {
		const { broker, otherBrokers = [] } = this.settings;
		return this.brokerIndex === 0 ? broker : (otherBrokers[this.brokerIndex - 1] as BrokerSettings);
	}
}
