import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuildError, readSettings } from "../../../scripts/build/settings.js";
import { makeKeys, makeRoot, makeServer } from "../../../scripts/pki/certificates.js";
import { makeKey, readOwnerKey } from "../../../scripts/trust/key-files.js";

describe("the settings of a build", () => {
	const folder = mkdtempSync(join(tmpdir(), "farpin-settings-"));
	const path = join(folder, "settings.json");
	const wifi = { ssid: "home", password: "12345678" };
	const read = (settings: unknown, needs = { wifi: true }) => {
		writeFileSync(path, typeof settings === "string" ? settings : JSON.stringify(settings));
		return readSettings(path, needs);
	};
	const why = (settings: unknown): string => {
		try {
			read(settings);
		} catch (error) {
			expect(error).toBeInstanceOf(BuildError);
			return (error as Error).message;
		}
		throw new Error("accepted");
	};

	beforeAll(async () => {
		const root = await makeRoot(await makeKeys(), Date.now());
		writeFileSync(join(folder, "root.pem"), root.certificate.toString("pem"));
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	it("makes of an address what the firmware needs", () => {
		const { broker, roots } = read({ wifi, broker: { url: "mqtts://broker.example", user: "me", ca: "root.pem" } });
		expect(broker).toEqual({ host: "broker.example", port: 8883, username: "me", roots: [0] });
		expect(roots).toHaveLength(1);
		expect(roots[0]?.[0]).toBe(0x30); // DER: a sequence
		const plain = { url: "mqtt://10.0.0.1:1884", insecurePlain: true };
		expect(read({ wifi, broker: plain }).broker).toMatchObject({ host: "10.0.0.1", port: 1884 });
	});

	it.each([
		["wss://broker.example/mqtt?token=a%20b", 443, "/mqtt?token=a%20b"],
		["wss://broker.example:8084", 8084, "/"],
		["ws://broker.example/some where", 80, "/some%20where"],
		["ws://broker.example:8083/mqtt", 8083, "/mqtt"],
		["mqtts://broker.example", 8883, undefined],
		["mqtt://broker.example/", 1883, undefined],
	])("knows of %s what to ask for, and where", (url, port, webSocketPath) => {
		const { broker, roots } = read({ wifi, broker: { url, ca: "root.pem", insecurePlain: true } });
		expect(broker).toMatchObject({ host: "broker.example", port, webSocketPath });
		expect(roots).toHaveLength(url.startsWith("wss:") || url.startsWith("mqtts:") ? 1 : 0);
	});

	it("takes one of each, or a list in order of preference", () => {
		const one = { url: "mqtts://one.example", ca: "root.pem" };
		const more = [one, { ...one, url: "wss://two.example" }, { url: "mqtt://10.0.0.1", insecurePlain: true }];
		const settings = read({ wifi: [wifi, { ssid: "phone" }], broker: more, timeServer: ["a.example", "b.example"] });
		expect(settings.wifi).toEqual([wifi, { ssid: "phone" }]);
		expect(settings.broker).toMatchObject({ host: "one.example", roots: [0] });
		expect(settings.otherBrokers).toMatchObject([{ host: "two.example", roots: [0] }, { host: "10.0.0.1" }]);
		expect(settings.otherBrokers?.[1]?.roots).toBeUndefined();
		expect(settings.roots).toHaveLength(1); // both trust the same
		expect([settings.timeServer, settings.otherTimeServers]).toEqual(["a.example", ["b.example"]]);
		const plain = read({ wifi, broker: one, timeServer: "a.example" });
		expect([plain.wifi, plain.timeServer, plain.otherTimeServers, plain.otherBrokers]).toEqual([
			[wifi],
			"a.example",
			undefined,
			undefined,
		]);
	});

	it("takes of keys for signed commands what devices need, and no private half", () => {
		const paths = [makeKey(folder, "laptop", "ES256"), makeKey(folder, "owner", "HS256")];
		const { keys } = read({ wifi, broker: { url: "mqtts://h", ca: "root.pem" }, keys: ["laptop.json", paths[1]] });
		expect(keys).toEqual(paths.map((one) => readOwnerKey(one, folder).line));
		const { d } = JSON.parse(readFileSync(paths[0] as string, "utf8")) as { d: string };
		expect(JSON.stringify(keys)).not.toContain(d);
		expect(why({ wifi, broker: { url: "mqtts://h", ca: "root.pem" }, keys: "root.pem" })).toMatch(
			/"keys" names a file/,
		);
	});

	it("takes a file as some editors of Windows write it", () => {
		const broker = { url: "mqtt://h", insecurePlain: true };
		expect(read(`\ufeff${JSON.stringify({ wifi, broker, root: "home/garden" })}`).root).toBe("home/garden");
	});

	it("wants no Wi-Fi for a simulator", () => {
		expect(read({ broker: { url: "ws://h", insecurePlain: true } }, { wifi: false }).wifi).toBeUndefined();
	});

	it.each([
		["{", /not JSON: line 1, column 2: Expected string/],
		['{"wifi": {"ssid": "home" "password": "12345678"}}', /not JSON: line 1, column 26: Expected ","\./],
		['{"broker": {"password": geheim}}', /not JSON: line 1, column 25: Unexpected word\./],
		['{"broker": {"password": "geheim",}}', /not JSON: line 1, column 33: JSON does not support trailing commas/],
		[[], /the file is not an object/],
		[{ broker: { url: "mqtt://h" } }, /"wifi" with "ssid" and "password" is missing/],
		[{ wifi: { password: "12345678" }, broker: { url: "mqtt://h" } }, /"wifi.ssid" is missing/],
		[{ wifi: { ssid: "home", password: "short" }, broker: { url: "mqtt://h" } }, /"wifi.password" is not 8 to 63/],
		[{ wifi: [wifi, { ssid: "" }], broker: { url: "mqtt://h" } }, /"wifi\[1\].ssid" is missing/],
		[{ wifi: [], broker: { url: "mqtt://h" } }, /"wifi" is an empty list/],
		[{ wifi, broker: [{ url: "mqtt://h", insecurePlain: true }, { url: "mqtts://h" }] }, /"broker\[1\].ca" is missing/],
		[{ wifi, broker: { url: "ws://h", insecurePlain: true }, timeServer: ["a", 1] }, /neither a text nor a list/],
		[{ wifi }, /"broker" with its "url" is missing/],
		[{ wifi, broker: { url: "broker" } }, /"broker.url" is not an address such as/],
		[{ wifi, broker: { url: "https://broker" } }, /"broker.url" begins with https:\/\//],
		[{ wifi, broker: { url: "mqtt://me:secret@broker" } }, /put them into "user" and "password"/],
		[{ wifi, broker: { url: "mqtts://broker" } }, /"broker.ca" is missing/],
		[{ wifi, broker: { url: "mqtts://broker", ca: "gone.pem" } }, /gone.pem, which does not exist/],
		[{ wifi, broker: { url: "mqtts://broker", ca: "settings.json" } }, /holds no certificate in PEM form/],
		[{ wifi, broker: { url: "wss://broker" } }, /"broker.ca" is missing/],
		[{ wifi, broker: { url: "mqtt://broker" } }, /mqtt:\/\/, which sends everything.* add "insecurePlain": true/],
		[{ wifi, broker: { url: "ws://broker/mqtt", insecurePlain: false } }, /ws:\/\/, which sends everything/],
		[{ wifi, broker: { url: "ws://broker", insecurePlain: "yes" } }, /"broker.insecurePlain" is not true or false/],
		[{ wifi, broker: { url: "ws://broker/mqtt#x", insecurePlain: true } }, /"broker.url" goes on after host and port/],
		[{ wifi, broker: { url: "mqtts://broker/mqtt", ca: "root.pem" } }, /"broker.url" goes on after host and port/],
		[{ wifi, broker: { url: "mqtt://broker", insecurePlain: true, prot: 1 } }, /"broker.prot" is not a setting/],
		[{ wifi, id: "Not So", broker: { url: "mqtt://broker" } }, /"id" is not made of/],
		[{ wifi, root: "home/+", broker: { url: "mqtt://h", insecurePlain: true } }, /"root" is no beginning of a topic/],
		[{ wifi, root: "$SYS", broker: { url: "mqtt://h", insecurePlain: true } }, /"root" is no beginning of a topic/],
		[{ wifi, root: "home/", broker: { url: "mqtt://h", insecurePlain: true } }, /"root" is no beginning of a topic/],
		[
			{ wifi, timeServer: "http://a", broker: { url: "mqtt://h", insecurePlain: true } },
			/"timeServer" is not the name/,
		],
		[{ wifi, broker: { url: "mqtt://h:0", insecurePlain: true } }, /"broker.url" has port 0/],
		[{ wifi, broker: { url: "mqtts://h", ca: "." } }, /"broker.ca" names \S+, which cannot be read: it is a folder/],
		[
			{ wifi, broker: { url: "mqtts://h", ca: "root.pem" }, updates: { keys: "no.pem" } },
			/no.pem, which does not exist/,
		],
	])("says of %j what is wrong, in a sentence", (settings, expected) => {
		expect(why(settings)).toMatch(expected);
		expect(why(settings)).not.toMatch(/geheim/);
		expect(why(settings)).toMatch(/^[^\n]+\.$/);
	});

	it("refuses a certificate that can vouch for nobody", async () => {
		const root = await makeRoot(await makeKeys(), Date.now());
		const server = await makeServer(await makeKeys(), root, ["localhost"], Date.now());
		writeFileSync(join(folder, "server.pem"), server.certificate.toString("pem"));
		expect(why({ wifi, broker: { url: "mqtts://broker", ca: "server.pem" } })).toMatch(/is not one of an authority/);
	});

	it("says which file to copy when there is none", () => {
		expect(() => readSettings(join(folder, "none.json"), { wifi: true })).toThrow(
			/copy manifests\/settings.example.json/,
		);
	});
});
