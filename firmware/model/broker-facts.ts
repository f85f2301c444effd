import type { BrokerFacts } from "./cloud.js";
import type { PlaceBroker } from "./credentials.js";

const ROOT = "farpin";

/** What a cloud is told of a broker, for it to find fault with; `root` is the first level of every topic. */
export function factsOf(broker: PlaceBroker, root = ROOT): BrokerFacts {
	const { host, port, username, password, webSocketPath, tls } = broker;
	return {
		root,
		host,
		port,
		username,
		password,
		encrypted: tls !== undefined,
		certificate: tls?.identity !== undefined,
		webSocket: webSocketPath !== undefined,
	};
}
