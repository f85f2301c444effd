import "../../../scripts/pki/reflect.js";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeFirmware } from "../../../scripts/build/manifest.js";
import { readSettings } from "../../../scripts/build/settings.js";
import { issue, pem, root } from "../../security/pki.js";
import { Scratch } from "../rig.js";

const scratch = new Scratch();
afterAll(() => scratch.remove());

const PINS = [1, 2].map((byte) => `sha256/${Buffer.alloc(32, byte).toString("base64")}`);
const TLS = { url: "mqtts://broker.example", ca: "root.pem" };
const DEVICE = { certificate: "device.pem", key: "device.key" };

beforeAll(async () => {
	const trusted = await root({ nowMs: Date.now() });
	const device = await issue({ name: "device", by: trusted, nowMs: Date.now() });
	const { key, cert } = await pem(device);
	writeFileSync(scratch.path("root.pem"), trusted.certificate.toString("pem"));
	writeFileSync(scratch.path("device.pem"), `${cert}\n${trusted.certificate.toString("pem")}`);
	writeFileSync(scratch.path("device.key"), key);
});

function read(broker: unknown) {
	const path = scratch.path("settings.json");
	writeFileSync(path, JSON.stringify({ broker }));
	return readSettings(path, { wifi: false });
}

test("takes a certificate, pins and an application protocol", () => {
	const { broker, identities } = read({ ...TLS, ...DEVICE, pins: PINS, alpn: "x-amzn-mqtt-ca" });
	expect(broker).toMatchObject({
		roots: [0],
		pins: ["01".repeat(32), "02".repeat(32)],
		protocol: "x-amzn-mqtt-ca",
		identity: { number: 0, certificates: 2 },
	});
	expect(identities.map(({ certificates }) => certificates.length)).toEqual([2]);
});

test("says nothing of what is not set", () => {
	expect(Object.keys(read(TLS).broker)).not.toEqual(expect.arrayContaining(["pins", "protocol", "identity"]));
	expect(read(TLS).identities).toEqual([]);
});

test("refuses one pin, a certificate without its key, and any of it without TLS", () => {
	expect(() => read({ ...TLS, pins: PINS.slice(1) })).toThrow('"broker.pins" holds only one pin');
	expect(() => read({ ...TLS, certificate: "device.pem" })).toThrow('"broker.certificate" is of no use alone');
	const plain = { url: "mqtt://broker.example", insecurePlain: true };
	for (const [name, value] of Object.entries({ ...DEVICE, pins: PINS, alpn: "mqtt" })) {
		expect(() => read({ ...plain, [name]: value })).toThrow(`"broker.${name}" is for mqtts:// and wss:// only`);
	}
});

test("puts certificates and key into the firmware as files of their own, and the key nowhere else", () => {
	const settings = read([TLS, { ...TLS, ...DEVICE }]);
	const folder = scratch.path("firmware");
	writeFirmware(folder, { output: [], imports: [] } as never, settings, {
		target: "simulator",
		releaseKeys: undefined,
	});
	const manifest = readFileSync(`${folder}/manifest.json`, "utf8");
	const names = ["root-0", "client-0-0", "client-0-1", "client-0-key"];
	expect(JSON.parse(manifest).resources["*"]).toEqual(names.map((name) => `./roots/${name}`));
	const key = readFileSync(`${folder}/roots/client-0-key.der`);
	expect(new Uint8Array(key)).toEqual(settings.identities[0]?.key);
	for (const form of ["hex", "base64"] as const) expect(manifest).not.toContain(key.toString(form).slice(40, 80));
	expect(JSON.parse(manifest).config.farpin.otherBrokers[0].identity).toEqual({ number: 0, certificates: 2 });
});
