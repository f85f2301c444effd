import { createSign } from "node:crypto";
import type { Socket } from "node:net";
import type { TlsOptions as ServerOptions, TLSSocket } from "node:tls";
import type { TlsOptions } from "../../../firmware/ports/network.js";
import { SECRET } from "../../contracts/visitor.js";
import { Flight } from "../../security/flight.js";
import { type Issued, issue, pem, root, type Wish } from "../../security/pki.js";
import { type Behaviour, byHand, byLibrary, type Meddle, withMeddler } from "./server.js";

/** The name under which every peer is visited, unless it says otherwise. */
export const HOST = "broker.test";

/** Authorities that the peers were certified by, rightly or not. */
export interface Authorities {
	readonly root: Issued;
	/** Signed by the root. */
	readonly issuer: Issued;
	/** Certified by the issuer for `HOST`. */
	readonly leaf: Issued;
	/** Nobody trusts it. */
	readonly stranger: Issued;
}

/** Issues a certificate whose dates count from the real time: the peers meet real clocks. */
export function certify(wish: Wish): Promise<Issued> {
	return issue({ nowMs: Date.now(), ...wish });
}

export async function makeAuthorities(): Promise<Authorities> {
	const [trusted, stranger] = await Promise.all([
		root({ name: "trusted root", nowMs: Date.now() }),
		root({ name: "unknown root", nowMs: Date.now() }),
	]);
	const issuer = await certify({ name: "issuer", by: trusted, authority: {} });
	return { root: trusted, stranger, issuer, leaf: await certify({ by: issuer }) };
}

/**
 * What must come of a visit: the stream opens and all goes well; it never opens; it opens, and then ends; it does not
 * open, and does not end either before the device loses patience.
 */
export type Outcome = "accepted" | "refused" | "cut" | "given up";

/** One peer, good or bad. */
export interface Peer {
	readonly name: string;
	readonly outcome: Outcome;
	/** What the owner is told, or the beginning of it. */
	readonly reason: string;
	/** The same on Node.js, which knows of some ends more than the SDK does, and of others less. */
	readonly onNode?: string;
	/** The name that it is visited under. */
	readonly host?: string;
	/** What the device is set up with, other than to trust the root. */
	readonly device?: (authorities: Authorities) => Partial<TlsOptions> | Promise<Partial<TlsOptions>>;
	/** How many bytes a good one sends. */
	readonly sends?: number;
	readonly behaviour: (authorities: Authorities) => Behaviour | Promise<Behaviour>;
}

/** Bytes to wait for at this peer. */
export function wantedBytes({ outcome, sends }: Peer): number {
	return outcome === "accepted" ? (sends ?? SECRET.length) : Number.POSITIVE_INFINITY;
}

type Chain = (authorities: Authorities) => Promise<readonly Issued[]> | readonly Issued[];

/** A TLS server by Node.js with these certificates, its own first. */
export function served(chain: Chain, options: ServerOptions = {}, serve?: (secure: TLSSocket) => void) {
	return async (authorities: Authorities): Promise<Behaviour> => {
		const [leaf, ...others] = await chain(authorities);
		const { key, cert } = await pem(leaf as Issued);
		const more = others.map(({ certificate }) => certificate.toString("pem"));
		// What is weak must be offered at all, for the device to refuse it.
		return byLibrary({ key, cert: [cert, ...more].join("\n"), ciphers: "DEFAULT:@SECLEVEL=0", ...options }, serve);
	};
}

/** The good server, with somebody on the way. */
export function meddled(meddler: () => Meddle, serve?: (secure: TLSSocket) => void) {
	return async (authorities: Authorities): Promise<Behaviour> => {
		const good = served(({ leaf, issuer }) => [leaf, issuer], { maxVersion: "TLSv1.2" }, serve);
		return withMeddler(await good(authorities), meddler);
	};
}

type Sign = (message: Uint8Array) => Uint8Array;

/** Messages made by hand for whoever calls; `sign` has the key of the genuine certificate. */
export function flown(
	make: (flight: Flight, authorities: Authorities, sign: Sign) => Flight,
	end?: "end" | "reset",
	then?: (socket: Socket) => void,
) {
	return async (authorities: Authorities): Promise<Behaviour> => {
		const sign = await signer(authorities.leaf);
		return byHand((socket, hello) => {
			const flight = make(new Flight(hello), authorities, sign);
			socket.write(flight.bytes(), () => {
				if (end === "reset") socket.resetAndDestroy();
				else if (end === "end") socket.end();
			});
		}, then);
	};
}

/** Signs with the key of a certificate, SHA-256. */
export async function signer(issued: Issued): Promise<Sign> {
	const { key } = await pem(issued);
	return (message) => new Uint8Array(createSign("SHA256").update(message).sign(key));
}
