import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { build } from "../../../scripts/build/build.js";
import { Bundles } from "../../../scripts/build/bundle.js";
import { serverIdentity } from "../../../scripts/pki/authority.js";
import { Scratch } from "../rig.js";

describe("a build", () => {
	const scratch = new Scratch();
	const bundles = new Bundles(true); // by `npm run types`
	afterAll(async () => {
		await bundles.close();
		scratch.remove();
	});

	/** The library of the simulator's firmware for this broker, and what its owner was told. */
	async function built(broker: object): Promise<{ readonly library: string; readonly warnings: string[] }> {
		const settings = scratch.path("settings.json");
		writeFileSync(settings, JSON.stringify({ broker }));
		const warnings: string[] = [];
		const onWarning = (warning: string): void => void warnings.push(warning);
		await build("simulator", { settings, output: scratch.path("build"), bundles, onWarning });
		return { library: readFileSync(scratch.path("build/simulator/modules/farpin.js"), "utf8"), warnings };
	}

	it("without settings takes none with it, and is ready for any broker", async () => {
		const { rootPath } = await serverIdentity(scratch.path("pki"), ["localhost"]);
		await built({ url: "mqtts://broker.example", ca: rootPath, password: "s3cret-of-the-build" });
		const manifest = () => readFileSync(scratch.path("build/simulator/manifest.json"), "utf8");
		expect(manifest()).toContain("s3cret-of-the-build");
		const warnings: string[] = [];
		await build("simulator", {
			withoutSettings: true,
			output: scratch.path("build"),
			bundles,
			onWarning: (warning) => warnings.push(warning),
		});
		const { config, resources } = JSON.parse(manifest());
		expect(Object.keys(config.farpin)).toEqual(["roots", "builtMs", "storage"]);
		expect([config.farpin.roots, resources, warnings]).toEqual([0, { "*": [] }, []]);
		expect(readdirSync(scratch.path("build/simulator/roots"))).toEqual([]);
		expect(readFileSync(scratch.path("build/simulator/modules/farpin.js"), "utf8")).toContain("Sec-WebSocket-Key");
	}, 180_000);

	it("is not made for a chip whose pins the device does not fit, and says so", async () => {
		const settings = scratch.path("settings.json");
		const options = { settings, withoutSettings: true, output: scratch.path("chips"), bundles };
		await expect(build("esp32c3", options)).rejects.toThrow(/an ESP32-C3 has no pin \d+/);
		const warnings: string[] = [];
		const made = await build(undefined, { ...options, onWarning: (warning) => warnings.push(warning) });
		expect([made, readdirSync(scratch.path("chips")).sort()]).toEqual([
			["esp32", "simulator"],
			["esp32", "simulator"],
		]);
		expect(warnings.map((warning) => warning.slice(0, 23))).toEqual([
			"Not built for esp32c3, ",
			"Not built for esp32s3, ",
		]);
	}, 180_000);

	it("that has none to put in says both ways to go on", async () => {
		const settings = scratch.path("none.json");
		await expect(build("esp32", { settings, output: scratch.path("build"), bundles })).rejects.toThrow(
			/none.json is missing: copy manifests\/settings.example.json to it.*--without-settings.*npx farpin provision\.$/,
		);
	});

	it("leaves WebSocket out of a firmware whose broker is on a bare stream, and warns of a plain one", async () => {
		const { library, warnings } = await built({ url: "mqtt://broker.example", insecurePlain: true });
		expect(library).toContain("this firmware was built without WebSocket");
		expect(library).not.toContain("Sec-WebSocket-Key");
		expect(library).not.toContain("class FrameReader");
		expect(library).toContain("this firmware was built without client certificates");
		expect(library).not.toContain("readPrivateKey");
		expect(warnings).toEqual([expect.stringContaining("not encrypted")]);
	}, 180_000);

	it("keeps it in one that needs it for any broker, and warns when any is plain", async () => {
		const { rootPath } = await serverIdentity(scratch.path("pki"), ["localhost"]);
		const wss = { url: "wss://broker.example/mqtt", ca: rootPath };
		const { library, warnings } = await built([{ url: "mqtts://broker.example", ca: rootPath }, wss]);
		expect(library).toContain("Sec-WebSocket-Key");
		expect(library).toContain("class FrameReader");
		expect(warnings).toEqual([]);
		const mixed = await built([wss, { url: "mqtt://broker.example", insecurePlain: true }]);
		expect(mixed.warnings).toEqual([expect.stringContaining("not encrypted")]);
	}, 180_000);

	it("keeps what shows a certificate in one that has any", async () => {
		const { rootPath, chain, key } = await serverIdentity(scratch.path("pki"), ["localhost"]);
		for (const [name, pem] of Object.entries({ chain, key })) writeFileSync(scratch.path(name), pem);
		const own = { certificate: scratch.path("chain"), key: scratch.path("key") };
		const { library } = await built({ url: "mqtts://broker.example", ca: rootPath, ...own });
		expect(library).not.toContain("this firmware was built without client certificates");
		expect(library).toContain("readPrivateKey");
	}, 180_000);

	it("leaves out of mqtt-packet what no device uses, and nothing that the firmware asks of it", async () => {
		const { library: code } = await built({ url: "mqtt://broker.example", insecurePlain: true });
		const found = (pattern: RegExp) =>
			Array.from(code.matchAll(pattern))
				.map(([, name]) => name)
				.sort();
		const asked = ["connect", "disconnect", "subscribe", "unsubscribe"];
		expect(found(/function (?!generate)(\w+) ?\(packet, stream, opts\)/g)).toEqual(asked);
		const packets = /\b_parse(Conn\w+|Sub\w+|Unsub\w+|Disc\w+|Publish|Confirmation|Auth) ?\(\) \{/g;
		expect(found(packets)).toEqual(["Connack", "Disconnect", "Suback", "Unsuback"]);
		const folder = resolve("firmware/mqtt");
		for (const name of readdirSync(folder).filter((one) => one.endsWith(".ts")))
			for (const [, cmd] of readFileSync(join(folder, name), "utf8").matchAll(/\bcmd: "(\w+)"/g))
				expect(asked).toContain(cmd);
	}, 180_000);
});
