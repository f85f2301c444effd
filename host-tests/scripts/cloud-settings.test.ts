import { writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { azureEventGrid } from "../../firmware/cloud/azure-event-grid.js";
import { mosquitto } from "../../firmware/cloud/brokers.js";
import reference from "../../firmware/device.js";
import { settingsFaults } from "../../scripts/cloud-settings.js";
import { Scratch } from "./rig.js";

const scratch = new Scratch();
afterAll(() => scratch.remove());

const path = scratch.path("settings.json");
const plain = { url: "mqtt://10.0.0.1", insecurePlain: true };
writeFileSync(path, JSON.stringify({ wifi: { ssid: "home" }, broker: [plain, { ...plain, user: "me" }] }));

const messages = (device = reference) => settingsFaults(device, path).map(({ message }) => message);

test("a cloud tells what it would not take, of every broker", () => {
	expect(messages({ ...reference, cloud: mosquitto() })).toEqual([
		'settings: "user" and "password" go together, and one of them is missing',
	]);
	expect(messages({ ...reference, cloud: azureEventGrid() })).toContain(
		"settings: Azure Event Grid takes only what is encrypted: write mqtts:// or wss://",
	);
});

test("what a build would refuse is told without a cloud, too", () => {
	const told = (settings: string) => {
		writeFileSync(scratch.path("wrong.json"), settings);
		return settingsFaults(reference, scratch.path("wrong.json")).map(({ message }) => message);
	};
	expect(told("{")).toEqual([expect.stringMatching(/wrong\.json: not JSON: line 1, column 2/)]);
	expect(told(JSON.stringify({ broker: plain }))).toEqual([expect.stringMatching(/"wifi" .* is missing/)]);
	expect(told(JSON.stringify({ wifi: { ssid: "home" }, broker: { ...plain, pins: "one" } }))).toHaveLength(1);
});

test("where there is no cloud, or are no settings yet, nobody objects", () => {
	expect(messages()).toEqual([]);
	expect(settingsFaults({ ...reference, cloud: azureEventGrid() }, scratch.path("none.json"))).toEqual([]);
});
