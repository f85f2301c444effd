import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:tls";
import { Aedes, type AuthenticateError, type Client } from "aedes";
import { listening } from "../listening.js";
import type { ServerIdentity } from "../pki/authority.js";
import { type Access, knows, mayBeCalled, mayUse } from "./access.js";

const BAD_USERNAME_OR_PASSWORD = 4; // MQTT 3.1.1, table 3.1
const PACKET_MAX_BYTES = 65_536; // aedes holds what waits for a client in memory

export interface BrokerOptions {
	readonly identity: ServerIdentity;
	readonly access: Access;
	/** 0 for any free port. */
	readonly port: number;
	/** Address to listen on; loopback unless told otherwise. */
	readonly listen: string;
}

export interface Broker {
	readonly port: number;
	close(): Promise<void>;
}

/**
 * The embedded broker: MQTT over TLS, nobody without a password, and a device only in its own corner. Aedes speaks
 * MQTT 3.1.1 and no other; the firmware, which asks for 5 first, falls back by itself.
 */
export async function startBroker({ identity, access, port, listen }: BrokerOptions): Promise<Broker> {
	const users = new WeakMap<Client, string>();
	const server = createServer({ key: identity.key, cert: identity.chain, minVersion: "TLSv1.2" });
	const aedes = await Aedes.createBroker({
		queueLimit: 1_000,
		connectTimeout: 10_000,
		authenticate(client, username, password, done) {
			if (!knows(access, username, password) || !mayBeCalled(username, client.id)) return done(refusal(), false);
			users.set(client, username ?? "");
			done(null, true);
		},
		authorizePublish(client, packet, done) {
			const allowed = client === null || mayUse(access, users.get(client) ?? "", packet.topic);
			if (packet.payload.length > PACKET_MAX_BYTES) return done(new Error("the message is too large"));
			done(allowed ? null : new Error(`${users.get(client)} may not publish to ${packet.topic}`));
		},
		authorizeSubscribe(client, subscription, done) {
			done(null, mayUse(access, users.get(client) ?? "", subscription.topic) ? subscription : null);
		},
	});
	// A client that breaks the protocol or leaves without goodbye is that client's business only.
	aedes.on("clientError", () => undefined);
	aedes.on("connectionError", () => undefined);
	server.on("secureConnection", (socket) => void aedes.handle(socket));
	server.on("tlsClientError", () => undefined);
	try {
		await listening(server, port, listen, "--port");
	} catch (error) {
		await new Promise<void>((resolve) => aedes.close(resolve));
		throw error;
	}
	return { port: (server.address() as AddressInfo).port, close: () => closeBoth(aedes, server) };
}

function refusal(): AuthenticateError {
	return Object.assign(new Error("wrong user name or password"), { returnCode: BAD_USERNAME_OR_PASSWORD });
}

async function closeBoth(aedes: Aedes, server: Server): Promise<void> {
	await new Promise<void>((resolve) => aedes.close(resolve));
	await new Promise<void>((resolve) => server.close(() => resolve()));
}
