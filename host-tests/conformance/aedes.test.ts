import { ownBroker } from "../scripts/rig.js";
import { deviceAt } from "./suite.js";

deviceAt("aedes over TLS", async (scratch, names) => {
	const { broker, target } = await ownBroker(scratch, names);
	return { target, own: true, close: () => broker.close() };
});
