import { ownBroker } from "../scripts/rig.js";
import { deviceAt, PLAIN } from "./suite.js";
import { webSocketDoor } from "./web-socket-door.js";

deviceAt("aedes over TLS", async (scratch, names) => {
	const { broker, target } = await ownBroker(scratch, names);
	return { target, own: true, close: () => broker.close() };
});

deviceAt("aedes over WebSocket and TLS", async (scratch, names) => {
	const own = await ownBroker(scratch, names);
	return webSocketDoor(own, own.identity);
});

deviceAt(
	"aedes over WebSocket",
	async (scratch, names) => webSocketDoor(await ownBroker(scratch, names), undefined),
	PLAIN,
);
