import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { serverIdentity, splitPem } from "../../scripts/pki/authority.js";
import { serverNames } from "../../scripts/pki/names.js";
import { keptSecret } from "../../scripts/private-files.js";

const DAY_MS = 86_400_000;
const home = mkdtempSync(join(tmpdir(), "farpin-pki-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("makes a chain of leaf and intermediate under a private root", async () => {
	const identity = await serverIdentity(join(home, "chain"), ["localhost", "127.0.0.1", "::1", "bench.example"]);
	const [leaf, issuer, ...rest] = splitPem(identity.chain).map((pem) => new X509Certificate(pem));
	const root = new X509Certificate(identity.root);
	if (leaf === undefined || issuer === undefined) throw new Error("the chain is too short");
	expect(rest).toEqual([]); // the chip's SDK can check no longer chain
	expect([leaf, issuer, root].map((one) => one.publicKey.asymmetricKeyType)).toEqual(["rsa", "rsa", "rsa"]);
	expect(leaf.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2_048);
	expect([leaf.ca, issuer.ca, root.ca]).toEqual([false, true, true]);
	expect(leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey)).toBe(true);
	expect(issuer.checkIssued(root) && issuer.verify(root.publicKey)).toBe(true);
	expect(leaf.subjectAltName).toContain("DNS:bench.example");
	expect(leaf.checkIP("127.0.0.1")).toBe("127.0.0.1");
	expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]); // server authentication and nothing else
});

test("keeps secrets to the owner", async () => {
	const folder = join(home, "rights");
	await serverIdentity(folder, ["localhost"]);
	const password = keptSecret(folder, "owner.password");
	expect(password.length).toBeGreaterThanOrEqual(20);
	expect(keptSecret(folder, "owner.password")).toBe(password);
	expect(keptSecret(folder, "device.password")).not.toBe(password);
	if (process.platform === "win32") return; // it knows no such rights
	expect(statSync(folder).mode & 0o777).toBe(0o700);
	for (const name of readdirSync(folder))
		expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
});

test("keeps the certificate while it is good, and the root when it renews", async () => {
	const folder = join(home, "renewal");
	const first = await serverIdentity(folder, ["localhost"]);
	expect(await serverIdentity(folder, ["localhost"])).toEqual(first);
	const wider = await serverIdentity(folder, ["localhost", "192.168.7.7"]);
	expect(wider.chain).not.toBe(first.chain);
	expect(wider.root).toBe(first.root);
	const later = await serverIdentity(folder, ["localhost"], Date.now() + 390 * DAY_MS);
	expect(later.chain).not.toBe(wider.chain);
	expect(later.root).toBe(first.root);
	const muchLater = await serverIdentity(folder, ["localhost"], Date.now() + 3_640 * DAY_MS);
	expect(muchLater.root).not.toBe(first.root);
});

test("makes a damaged certificate anew and reports a damaged authority", async () => {
	const folder = join(home, "damage");
	const first = await serverIdentity(folder, ["localhost"]);
	writeFileSync(join(folder, "server.pem"), "nonsense");
	expect((await serverIdentity(folder, ["localhost"])).root).toBe(first.root);
	writeFileSync(join(folder, "issuer.key"), "nonsense");
	writeFileSync(join(folder, "server.pem"), "nonsense");
	await expect(serverIdentity(folder, ["localhost"])).rejects.toThrow(
		/ca.pem, issuer.pem or issuer.key in it is damaged; delete these three/,
	);
});

test("names the network's addresses only when it listens there", () => {
	expect(serverNames("127.0.0.1")).toEqual(expect.arrayContaining(["localhost", "127.0.0.1", "::1"]));
	expect(serverNames("192.0.2.7")).toContain("192.0.2.7");
	expect(serverNames("0.0.0.0")).not.toContain("0.0.0.0");
});
