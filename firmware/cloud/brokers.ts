import type { BrokerFacts, Cloud } from "../model/cloud.js";

/** What one kind of broker asks of its devices, beside MQTT itself. */
interface BrokerRules {
	readonly name: string;
	/** It takes nothing that is not encrypted. */
	readonly encrypted: boolean;
	/** Its ports for MQTT and for MQTT over WebSocket, where it is somebody else who chose them. */
	readonly ports?: { readonly mqtt: number; readonly webSocket: number };
}

/** A broker that does as the specification says: our topics are its topics, and there is nothing to translate. */
function plainBroker(rules: BrokerRules): Cloud {
	return Object.freeze<Cloud>({
		name: rules.name,
		retainAsPublished: true,
		check: () => [],
		checkBroker: (facts) => brokerFaults(rules, facts),
	});
}

function brokerFaults({ name, encrypted, ports }: BrokerRules, facts: BrokerFacts): string[] {
	const faults: string[] = [];
	if (encrypted && !facts.encrypted) faults.push(`${name} takes only what is encrypted: write mqtts:// or wss://`);
	if ((facts.username === undefined) !== (facts.password === undefined))
		faults.push(`"user" and "password" go together, and one of them is missing`);
	if (encrypted && facts.username === undefined && !facts.certificate)
		faults.push(`${name} lets nobody in without "user" and "password", or a certificate`);
	const port = facts.webSocket ? ports?.webSocket : ports?.mqtt;
	if (port !== undefined && facts.port !== port)
		faults.push(`port ${facts.port} is not the one of ${name}, which is ${port}`);
	return faults;
}

/** Your own Mosquitto, or any other broker that leaves everything to its owner. */
export const mosquitto = (): Cloud => plainBroker({ name: "Mosquitto", encrypted: false });

/** HiveMQ Cloud: https://docs.hivemq.com/hivemq-cloud/ (ports 8883, and 8884 for WebSocket; TLS with SNI always). */
export const hivemqCloud = (): Cloud =>
	plainBroker({ name: "HiveMQ Cloud", encrypted: true, ports: { mqtt: 8883, webSocket: 8884 } });

/** EMQX Cloud, serverless: https://docs.emqx.com/en/cloud/latest/ (ports 8883, and 8084 for WebSocket; TLS with SNI always). */
export const emqxCloud = (): Cloud =>
	plainBroker({ name: "EMQX Cloud", encrypted: true, ports: { mqtt: 8883, webSocket: 8084 } });
