import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { Aedes, type AuthenticateError, type Client } from "aedes";
import { pem } from "../security/pki.js";
import { type Authorities, certify } from "./peers/peer.js";

export const AWS_PROTOCOL = "x-amzn-mqtt-ca";
const UNACCEPTABLE_ID = 2; // MQTT 3.1.1, table 3.1

/** The door of AWS IoT Core at port 443, and what it saw. */
export interface AwsDoor {
	readonly port: number;
	/** Topics that were published to. */
	readonly topics: readonly string[];
	close(): Promise<void>;
}

/**
 * A stand-in for how AWS IoT Core lets a device in at port 443, written from its public documents; the service itself was not
 * asked. It wants the name of its endpoint (SNI), the application protocol for MQTT with certificates (ALPN), a certificate
 * that it knows, and the policy of the README: the client identifier is the name of the certificate's thing, here its CN.
 *
 * https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html, "Protocols, authentication, and port mappings", and
 * https://docs.aws.amazon.com/iot/latest/developerguide/transport-security.html
 */
export async function openAwsDoor(authorities: Authorities, endpoint: string): Promise<AwsDoor> {
	const { issuer, root } = authorities;
	const { key, cert } = await pem(await certify({ by: issuer, names: [endpoint] }));
	const things = new WeakMap<Client, string>();
	const topics: string[] = [];
	const aedes = await Aedes.createBroker({
		authenticate: (client, _user, _password, done) =>
			client.id === things.get(client) ? done(null, true) : done(refusal(), false),
		authorizePublish(_client, { topic }, done) {
			topics.push(topic);
			done(null);
		},
	});
	for (const event of ["clientError", "connectionError"] as const) aedes.on(event, () => undefined);
	const ca = [root.certificate.toString("pem"), issuer.certificate.toString("pem")];
	const chain = `${cert}\n${issuer.certificate.toString("pem")}`;
	const options = { key, cert: chain, ca, requestCert: true, ALPNProtocols: [AWS_PROTOCOL] };
	const server = createServer(options, (socket: TLSSocket) => {
		socket.on("error", () => undefined);
		const isAsked = socket.alpnProtocol === AWS_PROTOCOL && socket.servername === endpoint;
		if (!isAsked) socket.destroy();
		else things.set(aedes.handle(socket), String(socket.getPeerCertificate().subject.CN));
	});
	server.on("tlsClientError", () => undefined);
	await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
	return {
		port: (server.address() as AddressInfo).port,
		topics,
		async close() {
			await new Promise<void>((done) => aedes.close(done));
			await new Promise<void>((done) => void server.close(() => done()));
		},
	};
}

function refusal(): AuthenticateError {
	return Object.assign(new Error("another thing's certificate"), { returnCode: UNACCEPTABLE_ID });
}
