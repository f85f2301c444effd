import "../../scripts/pki/reflect.js";
import * as x509 from "@peculiar/x509";
import { beforeAll, describe, expect, it } from "vitest";
import { checkChain, type TrustPolicy } from "../../firmware/security/chain.js";
import { Refused } from "../../firmware/security/refused.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { type Issued, issue, NOW_MS, root, type Wish } from "./pki.js";

const SERVER = x509.ExtendedKeyUsage.serverAuth;
const CLIENT = x509.ExtendedKeyUsage.clientAuth;

let trusted: Issued;
let between: Issued;
let leaf: Issued;

beforeAll(async () => {
	trusted = await root();
	between = await issue({ name: "issuer", by: trusted, authority: { pathLength: 0 } });
	leaf = await issue({ by: between });
});

function judge(chain: readonly Issued[], policy: Partial<TrustPolicy> = {}): string {
	const ders = chain.map(({ der }) => der);
	try {
		const found = checkChain(
			ders,
			{ host: "broker.test", roots: [trusted.der], pins: [], nowMs: NOW_MS, ...policy },
			nodeCrypto,
		);
		return found.leaf.der === ders[0] ? "trusted" : "another certificate";
	} catch (error) {
		if (error instanceof Refused) return error.message;
		throw error;
	}
}

/** A server's certificate with a wish of its own, below the usual two authorities. */
async function withLeaf(wish: Wish): Promise<string> {
	return judge([await issue({ by: between, ...wish }), between]);
}

/** The usual server below an authority with a wish of its own. */
async function withBetween(wish: Wish): Promise<string> {
	const other = await issue({ name: "issuer", by: trusted, authority: {}, ...wish });
	return judge([await issue({ by: other }), other]);
}

describe("chains that are good", () => {
	it("leaf, intermediate, with and without the root, in any order", () => {
		expect(judge([leaf, between])).toBe("trusted");
		expect(judge([leaf, between, trusted])).toBe("trusted");
		expect(judge([leaf, trusted, between])).toBe("trusted");
	});

	it("a leaf signed by the root itself, sent alone", async () => {
		expect(judge([await issue({ by: trusted })])).toBe("trusted");
	});

	it("an intermediate that is trusted instead of its root", () => {
		expect(judge([leaf], { roots: [between.der] })).toBe("trusted");
		expect(judge([leaf, between], { roots: [between.der] })).toBe("trusted");
	});

	it("a certificate that is trusted itself, signed by itself", async () => {
		const own = await issue({});
		expect(judge([own], { roots: [own.der] })).toBe("trusted");
	});

	it.each(["p256", "p384", "rsa2048"] as const)("keys of the kind %s, at every place", async (key) => {
		const top = await root({ key });
		const middle = await issue({ name: "m", by: top, authority: {}, key });
		const server = await issue({ by: middle, key });
		expect(judge([server, middle], { roots: [top.der] })).toBe("trusted");
	});

	it("a digest longer than the curve, and shorter", async () => {
		const top = await root({ key: "p256" });
		const longer = await issue({ by: top, hash: "SHA-512" });
		const large = await root({ key: "p384" });
		const shorter = await issue({ by: large, hash: "SHA-256" });
		expect(judge([longer], { roots: [top.der] })).toBe("trusted");
		expect(judge([shorter], { roots: [large.der] })).toBe("trusted");
	});

	it("an intermediate that is cross-signed, whichever root is known, and whichever comes first", async () => {
		const other = await root({ name: "other" });
		const crossed = await issue({ name: "issuer", by: other, authority: {}, keys: between.keys });
		for (const roots of [[trusted.der], [other.der], [other.der, trusted.der]]) {
			expect(judge([leaf, between, crossed], { roots })).toBe("trusted");
			expect(judge([leaf, crossed, between], { roots })).toBe("trusted");
		}
	});

	it("200 ECDSA signatures in a row, those with short numbers among them", async () => {
		const leaves = await Promise.all(Array.from({ length: 200 }, () => issue({ by: between, keys: leaf.keys })));
		expect(leaves.map((one) => judge([one, between])).filter((verdict) => verdict !== "trusted")).toEqual([]);
	}, 20_000);

	it("one root among several that is past its date does no harm", async () => {
		const old = await root({ name: "old", fromDays: -900, untilDays: -1 });
		expect(judge([leaf, between], { roots: [old.der, trusted.der] })).toBe("trusted");
	});

	it("the key that is pinned, at any place in the chain", () => {
		for (const { certificate } of [leaf, between, trusted]) {
			const pin = nodeCrypto.hash("SHA256", new Uint8Array(certificate.publicKey.rawData));
			expect(judge([leaf, between], { pins: [new Uint8Array(32), pin] })).toBe("trusted");
		}
	});
});

describe("a server's certificate is refused", () => {
	const day = (days: number) => new Date(NOW_MS + days * 86_400_000).toISOString().slice(0, 10);

	it.each<[string, Wish, string]>([
		["expired", { untilDays: -0.5, fromDays: -90 }, `its certificate expired on ${day(-0.5)}`],
		["not yet valid", { fromDays: 2 }, `its certificate is not valid before ${day(2)}`],
		["for another host", { names: ["other.test"] }, 'its certificate is not for "broker.test"'],
		[
			"with its name only as the common name",
			{ name: "broker.test", names: [] },
			'its certificate is not for "broker.test"',
		],
		["for every host of a top level", { names: ["*.test"] }, 'its certificate is not for "broker.test"'],
		["for clients", { purposes: [CLIENT] }, "its certificate is not for servers"],
		[
			"with a key that may not sign",
			{ usage: x509.KeyUsageFlags.keyEncipherment },
			"the key of its certificate is not for signing",
		],
		["with a weak key", { key: "rsa1024" }, "its certificate has an RSA key of 1024 bits, and 2048 are the least"],
		[
			"with a key of an unknown kind",
			{ key: "ed25519" },
			"its certificate has a kind of key that this device does not know",
		],
		[
			"with a key on an unknown curve",
			{ key: "p521" },
			"its certificate has a key on a curve that this device does not know: use P-256 or P-384",
		],
		[
			"with an unknown critical extension",
			{ extra: [new x509.Extension("1.2.3.4", true, new Uint8Array([5, 0]))] },
			"its certificate has a critical extension that this device does not know (2a0304)",
		],
		[
			"with an extension twice",
			{ extra: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)] },
			"its certificate cannot be read: an extension stands in it twice",
		],
	])("%s", async (_, wish, reason) => {
		expect(await withLeaf(wish)).toBe(reason);
	});

	it("with an unknown extension that is not critical: not at all", async () => {
		expect(await withLeaf({ extra: [new x509.Extension("1.2.3.4", false, new Uint8Array([5, 0]))] })).toBe("trusted");
	});

	it("signed by itself", async () => {
		expect(judge([await issue({})])).toBe("its certificate is signed by itself, and not trusted");
	});

	it("with SHA-1, RSA-PSS or Ed25519 above it", async () => {
		const weak = await root({ key: "rsaSha1" });
		const pss = await root({ key: "rsaPss" });
		const edwards = await root({ key: "ed25519" });
		expect(judge([await issue({ by: weak })])).toBe("its certificate is signed with SHA-1, which can be forged");
		expect(judge([await issue({ by: pss })])).toContain("does not know (RSA with something else than SHA-2)");
		expect(judge([await issue({ by: edwards })])).toBe(
			"its certificate is signed in a way that this device does not know",
		);
	});

	it("when there is none, or too many", () => {
		expect(judge([])).toBe("it sent no certificate");
		expect(judge([leaf, ...Array(8).fill(between)])).toBe("it sent 9 certificates, more than anybody needs");
	});
});

describe("a chain is refused", () => {
	it("forged: the right names, another key, and a genuine intermediate", async () => {
		const impostor = await issue({ name: "issuer", by: await root(), authority: {} });
		expect(judge([await issue({ by: impostor }), between])).toBe(
			"its certificate is forged: a signature on it is wrong",
		);
		expect(judge([await issue({ by: impostor }), impostor, between])).toContain("forged");
		expect(judge([await issue({ by: impostor }), between, trusted])).toContain("forged");
	});

	it("unrelated: a certificate of its own for our host, and then genuine ones", async () => {
		expect(judge([await issue({}), between, trusted])).toBe("its certificate is signed by itself, and not trusted");
	});

	it("from a root of the same name with another key", async () => {
		const twin = await root();
		expect(judge([await issue({ by: twin }), twin])).toBe("its certificate is forged: a signature on it is wrong");
	});

	it("from an unknown root, sent along or not", async () => {
		const stranger = await root({ name: "stranger" });
		const theirs = await issue({ by: stranger });
		expect(judge([theirs])).toBe("its certificate comes from nobody who is trusted here");
		expect(judge([theirs, stranger])).toBe("its certificate comes from nobody who is trusted here");
	});

	it("without its intermediate", () => {
		expect(judge([leaf])).toBe("its certificate comes from nobody who is trusted here");
	});

	it("signed by another server's certificate", async () => {
		const server = await issue({ name: "authority", by: between });
		expect(judge([await issue({ by: server }), server, between])).toBe(
			"the authority above its certificate may not issue certificates",
		);
	});

	it.each<[string, Wish, string]>([
		["an intermediate that is no authority", { authority: undefined }, "may not issue certificates"],
		["an intermediate of which nothing is known", { bare: true }, "may not issue certificates"],
		[
			"an intermediate that may not sign certificates",
			{ usage: x509.KeyUsageFlags.digitalSignature },
			"has a key that is not for issuing certificates",
		],
		["an intermediate for clients only", { purposes: [CLIENT] }, "may not issue certificates for servers"],
		["an expired intermediate", { fromDays: -90, untilDays: -1 }, "expired on 2026-11-24"],
		["an intermediate of tomorrow", { fromDays: 1 }, "is not valid before 2026-11-26"],
	])("%s", async (_, wish, reason) => {
		expect(await withBetween(wish)).toBe(`the authority above its certificate ${reason}`);
	});

	it("an intermediate for servers and clients: not at all", async () => {
		expect(await withBetween({ purposes: [SERVER, CLIENT] })).toBe("trusted");
	});

	it("longer than an authority in it allows", async () => {
		const deep = await issue({ name: "deep", by: between, authority: {} });
		expect(judge([await issue({ by: deep }), deep, between])).toBe(
			"the authority above its certificate does not allow so long a chain below it",
		);
	});

	it("with a weak intermediate", async () => {
		expect(await withBetween({ key: "rsa1024" })).toContain("has an RSA key of 1024 bits, and 2048 are the least");
	});

	it("when the only root is past its date", async () => {
		const old = await root({ fromDays: -900, untilDays: -1 });
		expect(judge([await issue({ by: old })], { roots: [old.der] })).toBe(
			"the authority above its certificate expired on 2026-11-24",
		);
	});

	it("without the pinned key", () => {
		expect(judge([leaf, between], { pins: [new Uint8Array(32), new Uint8Array(32).fill(1)] })).toBe(
			"its certificate has none of the keys that it must have",
		);
	});

	it("made to be searched for ever", async () => {
		const maze = await Promise.all(Array.from({ length: 7 }, () => root({ name: "maze" })));
		expect(judge([await issue({ by: maze[0] as Issued }), ...maze])).toBe(
			"it sent too many certificates that do not fit together",
		);
	});
});

describe("an authority for certain names only", () => {
	/** nameConstraints (RFC 5280 §4.2.1.10) with one permitted and one excluded subtree of DNS names. */
	function constraints(permitted: string, excluded: string): x509.Extension {
		const subtree = (tag: number, name: string) => {
			const text = new TextEncoder().encode(name);
			return [tag, text.length + 4, 0x30, text.length + 2, 0x82, text.length, ...text];
		};
		const body = [...subtree(0xa0, permitted), ...subtree(0xa1, excluded)];
		return new x509.Extension("2.5.29.30", true, new Uint8Array([0x30, body.length, ...body]));
	}

	it.each([
		["test", "evil.test", "trusted"],
		["broker.test", "evil.test", "trusted"],
		[".test", "x", "trusted"],
		["example", "evil.test", "the authority above its certificate may not issue certificates for these names"],
		["test", "broker.test", "the authority above its certificate may not issue certificates for these names"],
		["oker.test", "x", "the authority above its certificate may not issue certificates for these names"],
	])("permitted %s, excluded %s: %s", async (permitted, excluded, verdict) => {
		expect(await withBetween({ extra: [constraints(permitted, excluded)] })).toBe(verdict);
	});
});
