import type { BrokerFacts } from "../../firmware/model/cloud.js";

/** Settings of a broker that most clouds would take. */
export const FACTS: BrokerFacts = {
	root: "farpin",
	host: "cloud.test",
	port: 8883,
	username: undefined,
	password: undefined,
	encrypted: true,
	certificate: true,
	webSocket: false,
};
