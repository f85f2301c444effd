import type { BrokerFacts, Cloud } from "../model/cloud.js";

export interface EventGridOptions {
	/** The client authentication name of the device with this id; the id itself unless given. */
	readonly authenticationName?: (id: string) => string;
}

const NAME = "Azure Event Grid";
const ID_LENGTH_MAX = 32; // the longest id of a device
const NAME_LENGTH_MAX = 128; // EventGridMqttClientEventData, clientAuthenticationName

/**
 * The MQTT broker of an Azure Event Grid namespace, with X.509 certificates. It speaks MQTT 5 and has wills, retained
 * messages and our topics, which its topic spaces must allow; there is nothing to translate.
 *
 * From https://learn.microsoft.com/azure/event-grid/mqtt-support: port 8883, or 443 for WebSocket; CONNECT names a session
 * in its client identifier and the client's authentication name in its user name, which must be the one in the certificate;
 * QoS 0 and 1, keep-alive of at most 1,160 s, packets of at most 512 KiB: the runtime asks for less of each. No shared
 * subscriptions, no subscription identifiers, no user properties on CONNECT and SUBSCRIBE: the runtime uses none.
 * Retained messages: https://learn.microsoft.com/azure/event-grid/mqtt-retain, of at most 64 KB.
 */
export function azureEventGrid({ authenticationName = itself }: EventGridOptions = {}): Cloud {
	return Object.freeze<Cloud>({
		name: NAME,
		clientId: authenticationName,
		username: ({ id }) => authenticationName(id),
		password: () => undefined, // the certificate says it
		check: () => nameFaults(authenticationName("x".repeat(ID_LENGTH_MAX))),
		checkBroker,
	});
}

/** So that `client.authenticationName` in a topic space's template stands for the device's level of our topics. */
function itself(id: string): string {
	return id;
}

function nameFaults(longest: string): string[] {
	if (longest.length > 0 && longest.length <= NAME_LENGTH_MAX) return [];
	return [`its authentication names have up to ${longest.length} characters, and 1 to ${NAME_LENGTH_MAX} are allowed`];
}

function checkBroker(facts: BrokerFacts): string[] {
	const faults: string[] = [];
	const port = facts.webSocket ? 443 : 8883;
	if (!facts.encrypted) faults.push(`${NAME} takes only what is encrypted: write mqtts:// or wss://`);
	if (facts.port !== port) faults.push(`port ${facts.port} is not the one of ${NAME}, which is ${port}`);
	if (!facts.certificate) faults.push(`${NAME} wants a certificate of the device`);
	if (facts.username !== undefined || facts.password !== undefined)
		faults.push(`"user" and "password" are not for ${NAME}: the device's certificate says who it is`);
	return faults;
}
