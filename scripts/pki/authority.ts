import { createPrivateKey, X509Certificate } from "node:crypto";
import { join } from "node:path";
import { Fault } from "../../firmware/model/fault.js";
import { makePrivateFolder, readIfThere, writePrivate } from "../private-files.js";
import type { Signed } from "./certificates.js";

const RENEW_BEFORE_MS = 30 * 86_400_000; // a month is left: renewed before anybody notices

/** What the broker shows and what its clients trust. */
export interface ServerIdentity {
	/** The server's private key, PEM. */
	readonly key: string;
	/** Server certificate and intermediate, PEM, in this order. */
	readonly chain: string;
	/** The root, PEM. */
	readonly root: string;
	/** Path of the root, for `--cafile`. */
	readonly rootPath: string;
}

/** Loaded only where something is made: it takes longer to load than all the rest of a command that makes nothing. */
const maker = () => import("./certificates.js");

/** The same root in the form that a chip stores. */
export function rootDer(identity: ServerIdentity): Uint8Array {
	return new Uint8Array(new X509Certificate(identity.root).raw);
}

/**
 * The server identity kept in `folder`, made on first use and renewed when it is about to expire or does not cover
 * `names`. The root stays as long as it lives, so that clients that trust it go on doing so.
 */
export async function serverIdentity(
	folder: string,
	names: readonly string[],
	nowMs = Date.now(),
): Promise<ServerIdentity> {
	makePrivateFolder(folder);
	const kept = readIdentity(folder);
	if (kept !== undefined && isGood(kept, names, nowMs)) return kept;
	await makeIdentity(folder, names, nowMs);
	const made = readIdentity(folder);
	if (made === undefined) throw new Fault(folder, "the new certificate cannot be read back", "check the disk");
	return made;
}

function readIdentity(folder: string): ServerIdentity | undefined {
	const rootPath = join(folder, "ca.pem");
	const root = readIfThere(rootPath);
	const key = readIfThere(join(folder, "server.key"));
	const chain = readIfThere(join(folder, "server.pem"));
	if (root === undefined || key === undefined || chain === undefined) return undefined;
	return { key, chain, root, rootPath };
}

function isGood(identity: ServerIdentity, names: readonly string[], nowMs: number): boolean {
	try {
		const [leaf, issuer] = splitPem(identity.chain).map((pem) => new X509Certificate(pem));
		const root = new X509Certificate(identity.root);
		if (leaf === undefined || issuer === undefined) return false;
		const fits = leaf.checkPrivateKey(createPrivateKey(identity.key));
		const signed = fits && leaf.verify(issuer.publicKey) && issuer.verify(root.publicKey);
		const covers = names.every((name) => (leaf.checkHost(name) ?? leaf.checkIP(name)) !== undefined);
		return signed && covers && [leaf, issuer, root].every((one) => lastsLong(one, nowMs));
	} catch {
		return false; // damaged on disk: made anew
	}
}

function lastsLong(certificate: X509Certificate, nowMs: number): boolean {
	return Date.parse(certificate.validFrom) <= nowMs && Date.parse(certificate.validTo) > nowMs + RENEW_BEFORE_MS;
}

/** The certificates of a PEM file, one by one. */
export function splitPem(pem: string): string[] {
	return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

async function makeIdentity(folder: string, names: readonly string[], nowMs: number): Promise<void> {
	const { keyPem, makeKeys, makeServer } = await maker();
	const authorities = await keptAuthorities(folder, nowMs);
	const [serverKeys, fresh] = await Promise.all([
		makeKeys(),
		authorities === undefined ? makeAuthorities(folder, nowMs) : authorities,
	]);
	const { root, issuer } = fresh;
	const server = await makeServer(serverKeys, issuer, names, nowMs);
	writePrivate(join(folder, "server.key"), await keyPem(serverKeys));
	writePrivate(
		join(folder, "server.pem"),
		`${server.certificate.toString("pem")}\n${issuer.certificate.toString("pem")}\n`,
	);
	writePrivate(join(folder, "ca.pem"), root);
}

interface Authorities {
	/** PEM. */
	readonly root: string;
	readonly issuer: Signed;
}

async function keptAuthorities(folder: string, nowMs: number): Promise<Authorities | undefined> {
	const [root, issuer, key] = ["ca.pem", "issuer.pem", "issuer.key"].map((name) => readIfThere(join(folder, name)));
	if (root === undefined || issuer === undefined || key === undefined) return undefined;
	try {
		const alive = [root, issuer].every((pem) => lastsLong(new X509Certificate(pem), nowMs));
		if (!alive || !new X509Certificate(issuer).verify(new X509Certificate(root).publicKey)) return undefined;
		const { loadSigned } = await maker();
		return { root, issuer: await loadSigned(issuer, key) };
	} catch {
		throw new Fault(
			folder,
			"ca.pem, issuer.pem or issuer.key in it is damaged",
			"delete these three to have new ones made, and give the new ca.pem to whatever trusts the old one",
		);
	}
}

/** The root's private key is not kept: nothing but the intermediate is ever signed with it. */
async function makeAuthorities(folder: string, nowMs: number): Promise<Authorities> {
	const { keyPem, makeIntermediate, makeKeys, makeRoot } = await maker();
	const [rootKeys, issuerKeys] = await Promise.all([makeKeys(), makeKeys()]);
	const root = await makeRoot(rootKeys, nowMs);
	const issuer = await makeIntermediate(issuerKeys, root, nowMs);
	writePrivate(join(folder, "issuer.key"), await keyPem(issuerKeys));
	writePrivate(join(folder, "issuer.pem"), `${issuer.certificate.toString("pem")}\n`);
	return { root: `${root.certificate.toString("pem")}\n`, issuer };
}
