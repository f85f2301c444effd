/** Packet types (MQTT 5 §2.1.2), the upper half of the first byte. */
export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const PUBREC = 5;
export const PUBREL = 6;
export const PUBCOMP = 7;
export const SUBACK = 9;
export const UNSUBACK = 11;
export const PINGREQ = 12;
export const PINGRESP = 13;
export const DISCONNECT = 14;
export const AUTH = 15;

const NAMES: readonly string[] = Object.freeze([
	"reserved packet",
	"CONNECT",
	"CONNACK",
	"PUBLISH",
	"PUBACK",
	"PUBREC",
	"PUBREL",
	"PUBCOMP",
	"SUBSCRIBE",
	"SUBACK",
	"UNSUBSCRIBE",
	"UNSUBACK",
	"PINGREQ",
	"PINGRESP",
	"DISCONNECT",
	"AUTH",
]);

/** The packet type's name, as in the specification. */
export function packetName(type: number): string {
	return NAMES[type] ?? "unknown packet";
}

/** Properties as mqtt-packet names them; the ones that a device or the tests' broker uses. */
export interface Properties {
	sessionExpiryInterval?: number;
	receiveMaximum?: number;
	maximumPacketSize?: number;
	topicAliasMaximum?: number;
	maximumQoS?: number;
	retainAvailable?: boolean;
	serverKeepAlive?: number;
	assignedClientIdentifier?: string;
	wildcardSubscriptionAvailable?: boolean;
	subscriptionIdentifiersAvailable?: boolean;
	sharedSubscriptionAvailable?: boolean;
	willDelayInterval?: number;
	reasonString?: string;
	serverReference?: string;
	messageExpiryInterval?: number;
	contentType?: string;
	responseTopic?: string;
	correlationData?: Uint8Array;
	payloadFormatIndicator?: boolean;
	topicAlias?: number;
	subscriptionIdentifier?: number;
	userProperties?: object;
}

export interface SubscriptionOut {
	topic: string;
	qos: number;
	nl?: boolean;
	rap?: boolean;
	rh?: number;
}

export interface WillOut {
	topic: string;
	payload: string | Uint8Array;
	qos: number;
	retain: boolean;
	properties?: Properties;
}

/** Any packet, as mqtt-packet's writer takes it. */
export interface PacketOut {
	cmd: string;
	protocolVersion?: number;
	clean?: boolean;
	keepalive?: number;
	clientId?: string;
	username?: string;
	password?: string;
	will?: WillOut;
	messageId?: number;
	reasonCode?: number;
	returnCode?: number;
	sessionPresent?: boolean;
	topic?: string;
	payload?: string | Uint8Array;
	qos?: number;
	retain?: boolean;
	dup?: boolean;
	subscriptions?: readonly SubscriptionOut[];
	unsubscriptions?: readonly string[];
	granted?: readonly number[];
	properties?: Properties;
}

/** Any packet, as mqtt-packet's parser leaves it. */
export interface Packet {
	cmd: string;
	qos: number;
	retain: boolean;
	dup: boolean;
	length: number;
	topic: string | null;
	payload: Uint8Array | null;
	protocolVersion?: number;
	clean?: boolean;
	keepalive?: number;
	clientId?: string;
	username?: string;
	password?: Uint8Array;
	will?: { topic: string; payload: Uint8Array; qos: number; retain: boolean; properties?: Properties };
	messageId?: number;
	reasonCode?: number;
	returnCode?: number;
	sessionPresent?: boolean;
	subscriptions?: { topic: string; qos: number }[];
	unsubscriptions?: string[];
	granted?: number[];
	properties?: Properties;
}
