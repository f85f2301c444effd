import "../../../scripts/pki/reflect.js";
import * as x509 from "@peculiar/x509";
import { Flight } from "../../security/flight.js";
import { type Issued, makeKeys, root, type Wish } from "../../security/pki.js";
import { type Authorities, certify, type Outcome, type Peer, served, signer } from "./peer.js";
import { byHand } from "./server.js";

type MakeChain = (authorities: Authorities) => Promise<readonly Issued[]>;

/** A server whose certificates are not good enough; everything else of it is in order. */
function bad(name: string, reason: string, chain: MakeChain, more: Partial<Peer> = {}): Peer {
	const outcome: Outcome = "refused";
	return {
		name,
		outcome,
		reason: `TLS refused: ${reason}`,
		behaviour: served(chain),
		...more,
	};
}

/** A leaf by the genuine issuer that is ordinary but for the wish, with the issuer. */
function leaf(wish: Wish): MakeChain {
	return async ({ issuer }) => [await certify({ by: issuer, ...wish }), issuer];
}

/** A chain with another authority between the genuine issuer and the leaf. */
function below(authority: Wish, wish: Wish = {}): MakeChain {
	return async ({ issuer }) => {
		const middle = await certify({ name: "middle", by: issuer, authority: {}, ...authority });
		return [await certify({ by: middle, ...wish }), middle, issuer];
	};
}

const { clientAuth } = x509.ExtendedKeyUsage;
const { keyEncipherment, cRLSign } = x509.KeyUsageFlags;
const UNKNOWN = "1.3.6.1.4.1.99999.1";

function unknownExtension(): x509.Extension {
	return new x509.Extension(UNKNOWN, true, Uint8Array.of(5, 0));
}

/** nameConstraints (RFC 5280 §4.2.1.10) that permit only names below `other.test`. */
function otherNamesOnly(): x509.Extension {
	const base = [...Buffer.from("other.test")];
	const subtree = [0x82, base.length, ...base];
	const permitted = [0x30, subtree.length, ...subtree];
	const list = [0xa0, permitted.length, ...permitted];
	return new x509.Extension("2.5.29.30", true, Uint8Array.from([0x30, list.length, ...list]));
}

const NAME = 'its certificate is not for "broker.test"';
const NOBODY = "its certificate comes from nobody who is trusted here";

const LEAVES: readonly Peer[] = [
	bad("expired", "its certificate expired on 20", leaf({ fromDays: -30, untilDays: -1 })),
	bad("not yet valid", "its certificate is not valid before 20", leaf({ fromDays: 1 })),
	bad("wrong name", NAME, leaf({ names: ["other.test"] })),
	bad("name only in the CN", NAME, leaf({ name: "broker.test", names: [] })),
	bad("name in the CN, another in the SAN", NAME, leaf({ name: "broker.test", names: ["other.test"] })),
	bad("wildcard for a whole domain", NAME, leaf({ names: ["*.test"] })),
	bad("wildcard for two labels", NAME.replace("broker", "a.broker"), leaf({ names: ["*.test", "*.a.broker.test"] }), {
		host: "a.broker.test",
	}),
	bad("wildcard in the middle of a label", NAME, leaf({ names: ["bro*r.test"] })),
	bad("wildcard not at the left", NAME, leaf({ names: ["broker.*"] })),
	bad("wildcard alone", NAME, leaf({ names: ["*"] })),
	bad("IP address as a DNS name", 'its certificate is not for "127.0.0.1"', addressAsName, { host: "127.0.0.1" }),
	bad("for clients only", "its certificate is not for servers", leaf({ purposes: [clientAuth] })),
	// No library would serve it.
	{
		...bad("key not for signing", "the key of its certificate is not for signing", leaf({})),
		behaviour: notForSigning,
	},
	bad(
		"unknown critical extension",
		"its certificate has a critical extension that this device does not know",
		leaf({ extra: [unknownExtension()] }),
	),
	bad("RSA 1024", "its certificate has an RSA key of 1024 bits", leaf({ key: "rsa1024" })),
	bad("SHA-1", "its certificate is signed with SHA-1, which can be forged", oldLeaf),
];

/** An issuer that signs with RSA and SHA-1. */
function oldIssuer({ root: trusted }: Authorities): Promise<Issued> {
	return certify({ name: "old issuer", by: trusted, key: "rsaSha1", authority: {} });
}

async function oldLeaf(authorities: Authorities): Promise<readonly Issued[]> {
	const old = await oldIssuer(authorities);
	return [await certify({ by: old }), old];
}

async function belowOld(authorities: Authorities): Promise<readonly Issued[]> {
	const old = await oldIssuer(authorities);
	const middle = await certify({ name: "middle", by: old, authority: {} });
	return [await certify({ by: middle }), middle, old];
}

async function notForSigning({ issuer }: Authorities) {
	const leaf = await certify({ by: issuer, usage: keyEncipherment });
	const sign = await signer(leaf);
	return byHand((socket, hello) => {
		socket.write(new Flight(hello).hello().certificates(leaf.der, issuer.der).keyExchange(sign).done().bytes());
	});
}

async function addressAsName({ issuer }: Authorities): Promise<readonly Issued[]> {
	const names = new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "127.0.0.1" }]);
	return [await certify({ by: issuer, names: [], extra: [names] }), issuer];
}

const AUTHORITIES: readonly Peer[] = [
	bad("unknown root", NOBODY, async ({ stranger }) => [await certify({ by: stranger })]),
	bad("unknown root, sent along", NOBODY, async ({ stranger }) => [await certify({ by: stranger }), stranger]),
	bad(
		"a root of the same name with another key",
		"its certificate is forged: a signature on it is wrong",
		async ({ root: { name } }) => {
			const twin = await root({ name, nowMs: Date.now() });
			return [await certify({ by: twin }), twin];
		},
	),
	bad("self-signed", "its certificate is signed by itself, and not trusted", async () => [
		await certify({ name: "impostor" }),
	]),
	bad(
		"self-signed, followed by a genuine chain",
		"its certificate is signed by itself, and not trusted",
		async ({ leaf: genuine, issuer }) => [await certify({ name: "impostor" }), genuine, issuer],
	),
	bad(
		"forged, with the genuine issuer",
		"its certificate is forged: a signature on it is wrong",
		async ({ issuer }) => {
			const keys = await makeKeys("p256");
			return [await certify({ by: { ...issuer, keys } }), issuer];
		},
	),
	bad(
		"signed by a leaf",
		"the authority above its certificate may not issue certificates",
		async ({ issuer, leaf: genuine }) => [await certify({ by: genuine, name: "below" }), genuine, issuer],
	),
	bad(
		"issuer that is no authority",
		"the authority above its certificate may not issue certificates",
		below({ authority: undefined }),
	),
	bad(
		"issuer whose key may not certify",
		"the authority above its certificate has a key that is not for issuing certificates",
		below({ usage: cRLSign }),
	),
	bad(
		"issuer for clients only",
		"the authority above its certificate may not issue certificates for servers",
		below({ purposes: [clientAuth] }),
	),
	bad(
		"issuer for other names",
		"the authority above its certificate may not issue certificates for these names",
		below({ extra: [otherNamesOnly()] }),
	),
	bad(
		"issuer with an unknown critical extension",
		"a certificate above its own has a critical extension",
		below({ extra: [unknownExtension()] }),
	),
	bad("expired issuer", "the authority above its certificate expired on 20", below({ fromDays: -30, untilDays: -1 })),
	bad(
		"issuer with an RSA key of 1024 bits",
		"a certificate above its own has an RSA key of 1024 bits",
		below({ key: "rsa1024" }),
	),
	bad("issuer signed with SHA-1", "a certificate above its own is signed with SHA-1", belowOld),
	bad("path too long", "the authority above its certificate does not allow so long a chain below it", pathTooLong),
	bad("missing intermediate", NOBODY, async ({ leaf: genuine }) => [genuine]),
	bad("two leaves", NOBODY, async ({ leaf: genuine }) => [
		genuine,
		await certify({ name: "second", names: ["broker.test"] }),
	]),
	bad("twelve deep", "it sent 12 certificates, more than anybody needs", twelveDeep),
];

async function pathTooLong({ root: trusted }: Authorities): Promise<readonly Issued[]> {
	const narrow = await certify({ name: "narrow", by: trusted, authority: { pathLength: 0 } });
	const middle = await certify({ name: "middle", by: narrow, authority: {} });
	return [await certify({ by: middle }), middle, narrow];
}

async function twelveDeep({ root: trusted }: Authorities): Promise<readonly Issued[]> {
	const chain: Issued[] = [];
	for (let depth = 0; depth < 11; depth++) {
		chain.unshift(await certify({ name: `authority ${depth}`, by: chain[0] ?? trusted, authority: {} }));
	}
	return [await certify({ by: chain[0] as Issued }), ...chain];
}

/** The genuine chain, shown by a server that has another key: its signature gives it away. */
const STOLEN: Peer = {
	name: "a stolen chain",
	outcome: "refused",
	reason: "TLS refused: its half of the key exchange is not signed with the key of its certificate",
	behaviour: async ({ leaf: genuine, issuer }) => {
		const sign = await signer(await certify({}));
		return byHand((socket, hello) => {
			const flight = new Flight(hello).hello().certificates(genuine.der, issuer.der).keyExchange(sign).done();
			socket.write(flight.bytes());
		});
	},
};

/** Servers whose certificates must not convince anybody. */
export const CERTIFICATE_PEERS: readonly Peer[] = [...LEAVES, ...AUTHORITIES, STOLEN];
