import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { createWebSocketStream, WebSocketServer } from "ws";
import type { ServerIdentity } from "../../scripts/pki/authority.js";
import { openSocket } from "../../scripts/start/target.js";
import type { OwnBroker } from "../scripts/rig.js";
import type { BrokerUnderTest } from "./suite.js";

const PATH = "/mqtt";

/** A web server in front of a broker, as clouds have one: takes WebSockets at one path, and passes on what is in them. */
export async function webSocketDoor(
	{ broker, target }: OwnBroker,
	identity: ServerIdentity | undefined,
): Promise<BrokerUnderTest> {
	const server = identity === undefined ? createHttp() : createHttps({ key: identity.key, cert: identity.chain });
	const door = new WebSocketServer({ server, path: PATH, handleProtocols: (asked) => asked.has("mqtt") && "mqtt" });
	door.on("connection", (webSocket) => {
		const [outside, inside] = [createWebSocketStream(webSocket), openSocket(target)];
		outside.on("error", () => inside.destroy()).on("close", () => inside.destroy());
		inside.on("error", () => outside.destroy()).on("close", () => outside.end());
		outside.pipe(inside).pipe(outside);
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	return {
		target: { ...target, port, roots: identity === undefined ? undefined : target.roots, webSocketPath: PATH },
		own: true,
		async close() {
			for (const one of door.clients) one.terminate();
			await new Promise((done) => server.close(done));
			await broker.close();
		},
	};
}
