import { expect } from "vitest";
import type { TlsOptions } from "../../../firmware/ports/network.js";
import { CONTENT, type Visit } from "../../contracts/visitor.js";
import { type Issued, pem } from "../../security/pki.js";
import { type Authorities, certify, HOST } from "./peer.js";
import { type Behaviour, byLibrary, PeerServer } from "./server.js";

/** A device that makes visits; where a list of its conditions is the same one as before, it is the same to the device too. */
export interface Device {
	visit(port: number, tls: TlsOptions): Promise<Visit>;
}

/** A server that goes on with sessions that it knows, and how often it did. */
class Resuming {
	/** Of each connection, whether it went on with a session. */
	readonly reused: boolean[] = [];
	/** How often it was asked to. */
	offers = 0;
	readonly #sessions = new Map<string, Buffer>();

	async behaviour(leaf: Issued, issuer: Issued): Promise<Behaviour> {
		const { key, cert } = await pem(leaf);
		const chain = `${cert}\n${issuer.certificate.toString("pem")}`;
		return byLibrary({ key, cert: chain, maxVersion: "TLSv1.2" }, undefined, (server) => {
			server.on("secureConnection", (socket) => this.reused.push(socket.isSessionReused()));
			server.on("newSession", (id: Buffer, state: Buffer, done: () => void) => {
				this.#sessions.set(id.toString("hex"), state);
				done();
			});
			server.on("resumeSession", (id: Buffer, done: (error: null, state: Buffer | null) => void) => {
				this.offers++;
				done(null, this.#sessions.get(id.toString("hex")) ?? null);
			});
		});
	}

	forget(): void {
		this.#sessions.clear();
	}
}

/** One thing that must be so of going on with sessions. */
export interface ResumptionCheck {
	readonly name: string;
	readonly run: (device: Device, authorities: Authorities) => Promise<void>;
}

/** Runs `visits` at a server that resumes, with this certificate. */
async function at(
	leaf: Issued,
	authorities: Authorities,
	visits: (server: Resuming, port: number, tls: TlsOptions) => Promise<void>,
): Promise<void> {
	const resuming = new Resuming();
	const server = await PeerServer.start(await resuming.behaviour(leaf, authorities.issuer));
	try {
		await visits(resuming, server.port, { serverName: HOST, roots: [authorities.root.der] });
	} finally {
		server.stop();
	}
}

const SECOND_MS = 1_000;

export const RESUMPTION_CHECKS: readonly ResumptionCheck[] = [
	{
		name: "goes on with the session of the last connection, again and again",
		run: (device, authorities) =>
			at(authorities.leaf, authorities, async (server, port, tls) => {
				for (let n = 0; n < 3; n++) expect((await device.visit(port, tls)).reason).toBe(CONTENT);
				expect(server.reused).toEqual([false, true, true]);
			}),
	},
	{
		name: "goes on also at a server that is called by its address",
		run: async (device, authorities) => {
			const leaf = await certify({ by: authorities.issuer, names: ["127.0.0.1"] });
			await at(leaf, authorities, async (server, port, tls) => {
				const byAddress = { ...tls, serverName: "127.0.0.1" };
				for (let n = 0; n < 2; n++) expect((await device.visit(port, byAddress)).reason).toBe(CONTENT);
				expect(server.reused).toEqual([false, true]);
			});
		},
	},
	{
		name: "begins anew where the server has forgotten, and goes on with the new session",
		run: (device, authorities) =>
			at(authorities.leaf, authorities, async (server, port, tls) => {
				await device.visit(port, tls);
				server.forget();
				for (let n = 0; n < 2; n++) expect((await device.visit(port, tls)).reason).toBe(CONTENT);
				expect(server.reused).toEqual([false, false, true]);
			}),
	},
	{
		name: "begins anew where something else must convince, and refuses what does not",
		run: (device, authorities) =>
			at(authorities.leaf, authorities, async (server, port, tls) => {
				await device.visit(port, tls);
				const other = await device.visit(port, { ...tls, roots: [authorities.stranger.der] });
				expect(other.reason).toBe("TLS refused: its certificate comes from nobody who is trusted here");
				const elsewhere = await device.visit(port, { ...tls, serverName: "other.test" });
				expect(elsewhere.reason).toBe('TLS refused: its certificate is not for "other.test"');
				expect(server.offers).toBe(0);
			}),
	},
	{
		name: "refuses a certificate that has expired since, though the server would go on",
		run: async (device, authorities) => {
			const untilDays = (4 * SECOND_MS) / 86_400_000;
			const leaf = await certify({ by: authorities.issuer, untilDays });
			await at(leaf, authorities, async (server, port, tls) => {
				expect((await device.visit(port, tls)).reason).toBe(CONTENT);
				await new Promise((done) => setTimeout(done, leaf.certificate.notAfter.getTime() + SECOND_MS - Date.now()));
				expect((await device.visit(port, tls)).reason).toMatch(/^TLS refused: its certificate expired on/);
				expect([server.reused, server.offers]).toEqual([[false], 0]);
			});
		},
	},
];
