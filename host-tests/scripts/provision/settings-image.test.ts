import "../../../scripts/pki/reflect.js";
import { createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStoredSettings } from "../../../firmware/security/stored-settings.js";
import { nodeCrypto } from "../../../scripts/board/crypto.js";
import { pcText } from "../../../scripts/board/text.js";
import { readSettings } from "../../../scripts/build/settings.js";
import { inMemory, settingsImage } from "../../../scripts/provision/settings-image.js";
import { makeKey, readOwnerKey } from "../../../scripts/trust/key-files.js";
import { issue, pem, root } from "../../security/pki.js";
import { Scratch } from "../rig.js";

const ROOM = 16_384;
const scratch = new Scratch();
afterAll(() => scratch.remove());

const PINS = [1, 2].map((byte) => `sha256/${Buffer.alloc(32, byte).toString("base64")}`);
let keyLines: string[];

beforeAll(async () => {
	const nowMs = Date.now();
	for (const name of ["one", "two", "three"]) {
		const { certificate } = await root({ nowMs });
		writeFileSync(scratch.path(`${name}.pem`), certificate.toString("pem"));
	}
	const trusted = await root({ nowMs });
	const { key, cert } = await pem(await issue({ name: "device", by: trusted, nowMs }));
	writeFileSync(scratch.path("device.pem"), `${cert}\n${trusted.certificate.toString("pem")}`);
	writeFileSync(scratch.path("device.key"), key);
	const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	writeFileSync(
		scratch.path("release.pub"),
		createPublicKey(publicKey.export({ type: "spki", format: "pem" })).export({ type: "spki", format: "pem" }),
	);
	keyLines = ["laptop", "shared"].map(
		(id, n) => readOwnerKey(makeKey(scratch.folder, id, n === 0 ? "ES256" : "A256GCM"), "").line,
	);
});

const der = (name: string) => new Uint8Array(new X509Certificate(readFileSync(scratch.path(name))).raw);

/** What a board reads of these settings. */
function onBoard(settings: object) {
	const path = scratch.path("settings.json");
	writeFileSync(path, JSON.stringify(settings));
	const read = readSettings(path, { wifi: false });
	const image = settingsImage(read, ROOM);
	return { read, image, stored: readStoredSettings(inMemory(image), { crypto: nodeCrypto, text: pcText }) };
}

test("brings every setting to the board as the build would have put it in", () => {
	const { read, stored } = onBoard({
		id: "pump-7",
		root: "Haus/Küche",
		timeServer: ["time.example", "10.0.0.2"],
		wifi: [{ ssid: "Zuhäuse", password: "pässwort 1" }, { ssid: "open" }],
		keys: ["laptop.json", "shared.json"],
		updates: { ca: "three.pem", keys: "release.pub" },
		broker: [
			{
				url: "mqtts://one.example",
				ca: "one.pem",
				user: "ü",
				password: "geheim",
				pins: PINS,
				alpn: "mqtt",
				certificate: "device.pem",
				key: "device.key",
			},
			{ url: "wss://two.example:8443/mqtt?x=1", ca: "two.pem" },
			{ url: "mqtt://10.0.0.1", insecurePlain: true, user: "plain" },
		],
	});
	expect(stored).toEqual({
		origin: expect.stringMatching(/^[\w-]{11}$/),
		id: "pump-7",
		root: "Haus/Küche",
		timeServer: "time.example",
		otherTimeServers: ["10.0.0.2"],
		wifi: [{ ssid: "Zuhäuse", password: "pässwort 1" }, { ssid: "open" }],
		keys: keyLines,
		releaseRoots: [der("three.pem")],
		broker: {
			host: "one.example",
			port: 8_883,
			username: "ü",
			password: "geheim",
			tls: {
				roots: [der("one.pem")],
				pins: [1, 2].map((byte) => new Uint8Array(32).fill(byte)),
				protocol: "mqtt",
				identity: read.identities[0],
			},
		},
		otherBrokers: [
			{ host: "two.example", port: 8_443, webSocketPath: "/mqtt?x=1", tls: { roots: [der("two.pem")] } },
			{ host: "10.0.0.1", port: 1_883, username: "plain" },
		],
	});
	// Nothing that the settings can say is left out: what belongs to the firmware is `releaseKeys`.
	const carried = [
		"identities",
		"releaseKeys",
		"roots",
		"broker",
		"id",
		"root",
		"timeServer",
		"otherTimeServers",
		"wifi",
		"otherBrokers",
		"keys",
		"releaseRoots",
	];
	expect(Object.keys(read).sort()).toEqual(carried.sort());
});

test("trusts a server with new firmware by the roots of its brokers, unless told otherwise", () => {
	const { stored } = onBoard({
		broker: [
			{ url: "mqtts://a", ca: "one.pem" },
			{ url: "mqtts://b", ca: "two.pem" },
		],
	});
	expect(stored?.releaseRoots).toEqual([der("one.pem"), der("two.pem")]);
	expect(stored?.otherBrokers?.[0]?.tls?.roots).toEqual([der("two.pem")]);
	expect(onBoard({ broker: { url: "mqtt://a", insecurePlain: true } }).stored?.releaseRoots).toBeUndefined();
});

test("fills its place, so that nothing of older settings is left", () => {
	const { image } = onBoard({ broker: { url: "mqtts://a", ca: "one.pem" } });
	expect(image).toHaveLength(ROOM);
	expect(image.subarray(-1_000).every((byte) => byte === 0xff)).toBe(true);
});

test("refuses in a sentence what has no room, and repeats nothing of it", () => {
	const long = { url: "mqtt://a", insecurePlain: true, password: "s3cret".repeat(3_000) };
	for (const [broker, why] of [
		[long, /^The settings take \d+ bytes and \d+ items, and a board has room for 16384 and 128: .*\.$/],
		[{ ...long, password: "s3cret".repeat(20_000) }, /^The settings hold something of 120000 bytes: .*\.$/],
		[Array(40).fill({ url: "mqtt://a", insecurePlain: true, user: "u", password: "p" }), /161 items/],
	] as const) {
		expect(() => onBoard({ broker })).toThrow(why);
		expect(() => onBoard({ broker })).not.toThrow("s3cret");
	}
});
