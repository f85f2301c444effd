import "../../scripts/pki/reflect.js";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { awsIot } from "../../firmware/cloud/aws-iot.js";
import reference from "../../firmware/device.js";
import type { Device } from "../../firmware/model/device.js";
import type { TlsIdentity, TlsOptions } from "../../firmware/ports/network.js";
import { replaceableSettings } from "../../firmware/trust/credentials.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { sealToken } from "../../scripts/trust/sign.js";
import { issue, type KeyKind, root } from "../security/pki.js";
import type { Server } from "../virtual/internet.js";
import { ellipticKey, sealingKey } from "./owner.js";
import { SignedRig } from "./signed-rig.js";

const owner = ellipticKey("owner");
const reader = sealingKey("reader");
const TRIAL_MS = 200_000;
const OLD_PINS = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const REFUSED = "the broker does not know who issued this device's certificate";

let first: TlsIdentity;
let second: TlsIdentity;
let large: TlsIdentity;
let roots: Uint8Array[];
beforeAll(async () => {
	const authority = await root({ key: "rsa2048" });
	const identity = async (key: KeyKind): Promise<TlsIdentity> => {
		const own = await issue({
			name: "greenhouse",
			by: authority,
			key,
			names: [],
			purposes: [x509.ExtendedKeyUsage.clientAuth],
		});
		const secret = await webcrypto.subtle.exportKey("pkcs8", own.keys.privateKey);
		return { certificates: [own.der, authority.der], key: new Uint8Array(secret) };
	};
	[first, second, large] = [await identity("p256"), await identity("p256"), await identity("rsa2048")];
	roots = [authority.der];
});

function encoded(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64url");
}

function asked({ certificates, key }: TlsIdentity): object {
	return { certificate: certificates.map(encoded), key: encoded(key) };
}

/** A device that shows its first certificate, at a broker that looks at what it is shown. */
class CertifiedRig extends SignedRig {
	known: TlsIdentity[] = [first];
	readonly shown: TlsOptions[] = [];
	readonly server: Server;

	constructor(device: Partial<Device> = {}) {
		const tls = { roots: [Uint8Array.of(1)], pins: OLD_PINS, identity: first, protocol: "old" };
		const signing = signedCommands({ settings: replaceableSettings });
		const keys = [owner, reader].map(({ line }) => line);
		const settings = { keys, broker: { host: "broker.test", port: 8_883, tls } };
		super([owner, reader], signing, { device: { ...reference, ...device, signing }, settings });
		this.server = this.board.internet.listen("10.0.0.1", 8_883, this.broker.accept, ["broker.test"]);
		this.server.judge = (client) => {
			this.shown.push(client);
			return this.known.some(({ key }) => isSame(key, client.identity?.key)) ? undefined : REFUSED;
		};
		this.advance(120_000);
	}

	replace(settings: object): this {
		this.publish("command", sealToken(this.token({ id: "move", settings }, owner), reader));
		return this;
	}

	get online(): boolean {
		return this.running?.link.state === "online";
	}

	get latest(): TlsOptions {
		return this.shown.at(-1) as TlsOptions;
	}
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
	return b !== undefined && Buffer.from(a).equals(Buffer.from(b));
}

let rig: CertifiedRig;
beforeEach(() => {
	rig = new CertifiedRig();
	expect([rig.online, rig.latest.identity]).toEqual([true, first]);
});

describe("a device's certificate", () => {
	it.each(["second", "large"] as const)("is replaced by the %s one, and shown from then on", (name) => {
		const next = name === "second" ? second : large;
		rig.known.push(next);
		rig.replace(asked(next)).advance(TRIAL_MS);
		expect(rig.results()).toContainEqual({ id: "move", outcome: "applied" });
		expect([rig.online, rig.latest.identity, rig.board.store.get("net")]).toEqual([true, next, "use a 0 -"]);
		rig.board.reset("power");
		rig.advance(60_000);
		expect([rig.online, rig.latest]).toMatchObject([true, { identity: next, pins: OLD_PINS, protocol: "old" }]);
	});

	it("that the broker does not know is given up, and the old one shown again", () => {
		rig.replace(asked(second)).advance(3 * TRIAL_MS);
		expect([rig.online, rig.latest.identity]).toEqual([true, first]);
		expect(rig.json("event")).toContainEqual(
			expect.objectContaining({ outcome: "failed", reason: expect.stringContaining(REFUSED) }),
		);
	});

	it("with a key that is not its own is refused, and nothing is written of it", () => {
		const before = rig.board.store.keys();
		rig.replace({ ...asked(second), key: encoded(first.key) });
		const why = "the key does not belong to the first certificate";
		expect(rig.results()).toEqual([{ id: "move", outcome: "refused", reason: why }]);
		expect(rig.board.store.keys().filter((key) => !before.includes(key) && key !== "replay")).toEqual([]);
	});

	it("stays when only the broker is replaced, and goes where there is TLS only", () => {
		rig.board.internet.names.set("new.test", "10.0.0.1");
		rig.server.certificateNames = ["new.test"];
		rig.replace({ broker: { host: "new.test", port: 8_883 } }).advance(TRIAL_MS);
		expect(rig.latest).toMatchObject({ serverName: "new.test", identity: first, pins: OLD_PINS, protocol: undefined });
		const plain = new SignedRig([owner, reader], signedCommands({ settings: replaceableSettings }));
		plain.publish("command", sealToken(plain.token({ settings: asked(first) }, owner), reader));
		expect(plain.results()).toEqual([
			{ outcome: "refused", reason: expect.stringContaining("a certificate is for TLS") },
		]);
	});

	it("has a key that nobody is told: when it is taken, refused, or given up", () => {
		rig.known.push(large);
		rig.replace(asked(large)).advance(TRIAL_MS);
		rig.replace({ ...asked(second), key: encoded(first.key) });
		rig.replace({ ...asked(second), key: encoded(second.key.subarray(0, 100)) });
		rig.replace(asked(second)).advance(3 * TRIAL_MS);
		const said = [...rig.seen.map(({ text }) => text), ...rig.board.lines, String(rig.running?.link.lastError)];
		const outcomes = rig.results().map(({ outcome }) => outcome);
		expect(outcomes).toEqual(["applied", "refused", "refused", "applied"]);
		expect(rig.latest.identity).toEqual(large);
		// Any part of a key that is long enough to be known again.
		const parts = [first, second, large].flatMap(({ key }) =>
			[39, key.length - 18].map((at) => key.slice(at, at + 12)),
		);
		const forms = parts.flatMap((part) => [encoded(part), Buffer.from(part).toString("hex")]);
		expect(encoded(second.key)).toContain(forms[4]); // cut where Base64url is
		expect(said.length).toBeGreaterThan(50);
		expect(said.filter((line) => forms.some((form) => line.includes(form)))).toEqual([]);
	});

	it.each(["before", "after"] as const)(
		"of the largest kind costs nothing when the power goes %s any write",
		(when) => {
			for (let write = 0; write < 13; write++) {
				rig = new CertifiedRig();
				rig.known.push(large);
				rig.board.store.cutPowerAt(write, when, () => rig.board.world.after(0, () => rig.board.reset("power")));
				rig.replace(asked(large)).advance(3 * TRIAL_MS);
				expect(rig.online, `write ${write}`).toBe(true);
				expect(rig.board.store.get("net") ?? "use", `write ${write}`).toMatch(/^use/);
				expect([first, large]).toContainEqual(rig.latest.identity);
			}
		},
	);
});

describe("pins and roots", () => {
	it("are replaced: new roots end the old pins, and may bring others", () => {
		const pins = [encoded(new Uint8Array(32).fill(3)), encoded(new Uint8Array(32).fill(4))];
		rig.replace({ pins }).advance(TRIAL_MS);
		expect(rig.latest.pins?.map(encoded)).toEqual(pins);
		rig.replace({ roots: roots.map(encoded) }).advance(TRIAL_MS);
		expect(rig.latest).toMatchObject({ roots, pins: undefined, identity: first });
		rig.replace({ roots: roots.map(encoded), pins }).advance(TRIAL_MS);
		expect(rig.latest.pins?.map(encoded)).toEqual(pins);
		expect([rig.online, rig.board.store.get("net")]).toEqual([true, "use a 0 -"]);
	});

	it("that would not fit with those that are there are refused before anything is written", () => {
		const root = Buffer.alloc(1_000, 0x30).toString("base64url");
		rig.replace({ roots: [root, root] }).advance(3 * TRIAL_MS);
		expect(rig.results().at(-1)).toEqual({ id: "move", outcome: "applied" });
		rig.known.push(large);
		rig.replace(asked(large)).advance(TRIAL_MS);
		expect(rig.latest.identity).toEqual(large);
		rig.replace({ roots: [root, root, root] });
		expect(rig.results().at(-1)).toEqual({ id: "move", outcome: "refused", reason: "the settings are too long" });
	});
});

describe("at a cloud", () => {
	it("new settings are held against what it asks for", () => {
		rig = new CertifiedRig({ cloud: awsIot() });
		rig.replace({ broker: { host: "broker.test", port: 1_883, user: "u", password: "p" } });
		expect(rig.results()).toEqual([{ id: "move", outcome: "refused", reason: expect.stringContaining("port 1883") }]);
		rig.replace({ broker: { host: "broker.test", port: 8_883 } });
		expect(rig.results().at(-1)).toEqual({ id: "move", outcome: "applied" });
	});
});
