import "../../../scripts/pki/reflect.js";
import { createHash, webcrypto } from "node:crypto";
import type { TlsOptions as ServerOptions } from "node:tls";
import * as x509 from "@peculiar/x509";
import type { TlsIdentity } from "../../../firmware/ports/network.js";
import { type Issued, type KeyKind, root } from "../../security/pki.js";
import { type Authorities, certify, type Peer, served } from "./peer.js";

/** A device's certificate with a key of this kind, and the issuer that the server may not have. */
async function deviceOf({ issuer }: Authorities, key: KeyKind): Promise<TlsIdentity> {
	const device = await certify({
		name: "device",
		by: issuer,
		key,
		names: [],
		purposes: [x509.ExtendedKeyUsage.clientAuth],
	});
	return { certificates: [device.der, issuer.der], key: await privateKey(device) };
}

async function privateKey({ keys }: Issued): Promise<Uint8Array> {
	return new Uint8Array(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
}

/** A genuine server that lets in only devices below the trusted root. */
function guarded(options: ServerOptions = {}) {
	return async (authorities: Authorities) => {
		const ca = authorities.root.certificate.toString("pem");
		const chain = ({ leaf, issuer }: Authorities) => [leaf, issuer];
		return served(chain, { requestCert: true, rejectUnauthorized: true, ca, ...options })(authorities);
	};
}

/** The pin of a certificate's key (RFC 7469 §2.4). */
function pinOf({ certificate }: Issued): Uint8Array {
	return createHash("sha256").update(new Uint8Array(certificate.publicKey.rawData)).digest();
}

const SPARE = new Uint8Array(32).fill(7); // of a key that lies in a safe

function pinned(name: string, outcome: Peer["outcome"], which: (authorities: Authorities) => Issued | undefined): Peer {
	return {
		name,
		outcome,
		reason: "TLS refused: its certificate has none of the keys that it must have",
		device: (authorities) => {
			const key = which(authorities);
			return { pins: [key === undefined ? new Uint8Array(32) : pinOf(key), SPARE] };
		},
		behaviour: served(({ leaf, issuer }) => [leaf, issuer]),
	};
}

const NO_CERTIFICATE = "it demands a certificate of this device";

/** Servers that want to know who the device is, or of which it knows more than their authority. */
export const IDENTITY_PEERS: readonly Peer[] = [
	{
		name: "a device with an RSA key",
		outcome: "accepted",
		reason: "",
		device: async (all) => ({ identity: await deviceOf(all, "rsa2048") }),
		behaviour: guarded(),
	},
	{
		name: "a device with a key on P-256",
		outcome: "accepted",
		reason: "",
		device: async (all) => ({ identity: await deviceOf(all, "p256") }),
		behaviour: guarded(),
	},
	{
		name: "a device with an RSA key at a server with one as well",
		outcome: "accepted",
		reason: "",
		device: async (all) => ({ identity: await deviceOf(all, "rsa2048") }),
		behaviour: async (all) => {
			const leaf = await certify({ by: all.issuer, key: "rsa2048" });
			const ca = all.root.certificate.toString("pem");
			return served(({ issuer }) => [leaf, issuer], { requestCert: true, rejectUnauthorized: true, ca })(all);
		},
	},
	{
		name: "a device that is not asked who it is",
		outcome: "accepted",
		reason: "",
		device: async (all) => ({ identity: await deviceOf(all, "p256") }),
		behaviour: served(({ leaf, issuer }) => [leaf, issuer]),
	},
	{
		name: "a certificate demanded, and there is none",
		outcome: "refused",
		reason: NO_CERTIFICATE,
		behaviour: guarded(),
	},
	// This server looks at the certificate only after the handshake, and then says nothing.
	{
		name: "a certificate demanded, and shown one by nobody that it knows",
		outcome: "refused",
		reason: "the other side closed the connection",
		device: strangerToIt,
		behaviour: guarded({ maxVersion: "TLSv1.2" }),
	},
	{
		name: "a certificate demanded, of a kind that the device has not",
		outcome: "refused",
		reason: "TLS refused: it accepts no certificate of the kind that this device has",
		onNode: "TLS refused",
		device: async (all) => ({ identity: await deviceOf(all, "rsa2048") }),
		behaviour: guarded({ sigalgs: "ECDSA+SHA256" }),
	},
	{
		name: "an application protocol that it has",
		outcome: "accepted",
		reason: "",
		device: () => ({ protocol: "x-amzn-mqtt-ca" }),
		behaviour: served(({ leaf, issuer }) => [leaf, issuer], { ALPNProtocols: ["http/1.1", "x-amzn-mqtt-ca"] }),
	},
	{
		name: "an application protocol that it has not",
		outcome: "refused",
		reason: "TLS refused by the other side: no application protocol in common",
		device: () => ({ protocol: "x-amzn-mqtt-ca" }),
		behaviour: served(({ leaf, issuer }) => [leaf, issuer], { ALPNProtocols: ["http/1.1"] }),
	},
	pinned("its own key pinned", "accepted", ({ leaf }) => leaf),
	pinned("its issuer's key pinned", "accepted", ({ issuer }) => issuer),
	pinned("its root's key pinned", "accepted", ({ root: trusted }) => trusted),
	pinned("other keys pinned", "refused", () => undefined),
	pinned("a stranger's key pinned", "refused", ({ stranger }) => stranger),
];

async function strangerToIt(): Promise<{ readonly identity: TlsIdentity }> {
	const other = await root({ name: "some other root", nowMs: Date.now() });
	const device = await certify({ name: "device", by: other, names: [], purposes: [x509.ExtendedKeyUsage.clientAuth] });
	return { identity: { certificates: [device.der], key: await privateKey(device) } };
}
