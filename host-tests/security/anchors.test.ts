import "../../scripts/pki/reflect.js";
import { webcrypto } from "node:crypto";
import { expect, it } from "vitest";
import { checkChain } from "../../firmware/security/chain.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { type Issued, issue, KEYS, NOW_MS, root } from "./pki.js";

/** The same RSA keys, for signatures with SHA-256. */
async function asSha256({ privateKey, publicKey }: Issued["keys"]): Promise<Issued["keys"]> {
	const { subtle } = webcrypto;
	const pkcs8 = await subtle.exportKey("pkcs8", privateKey);
	return { publicKey, privateKey: await subtle.importKey("pkcs8", pkcs8, KEYS.rsa2048, true, ["sign"]) };
}

it("a root that signed itself in a way that nobody would trust today: its signature proves nothing", async () => {
	const old = await root({ name: "old root", key: "rsaSha1" });
	const modern = { ...old, keys: await asSha256(old.keys), kind: "rsa2048" as const };
	const server = await issue({ by: modern });
	const policy = { host: "broker.test", roots: [old.der], pins: [], nowMs: NOW_MS };
	for (const chain of [[server], [server, old]]) {
		const ders = chain.map(({ der }) => der);
		expect(checkChain(ders, policy, nodeCrypto).leaf.der).toBe(ders[0]);
	}
});

it("tells when the first of the certificates that count expires", async () => {
	const trusted = await root();
	const short = await issue({ name: "issuer", by: trusted, authority: {}, untilDays: 7 });
	const ders = [await issue({ by: short }), short, await issue({ untilDays: 3 })].map(({ der }) => der);
	const policy = { host: "broker.test", roots: [trusted.der], pins: [], nowMs: NOW_MS };
	expect(checkChain(ders, policy, nodeCrypto).untilMs).toBe(NOW_MS + 7 * 86_400_000);
});
