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
writeFileSync(path, JSON.stringify({ broker: [plain, { ...plain, user: "me" }] }));

const messages = (device = reference) => settingsFaults(device, path).map(({ message }) => message);

test("a cloud tells what it would not take, of every broker", () => {
	expect(messages({ ...reference, cloud: mosquitto() })).toEqual([
		'settings: "user" and "password" go together, and one of them is missing',
	]);
	expect(messages({ ...reference, cloud: azureEventGrid() })).toContain(
		"settings: Azure Event Grid takes only what is encrypted: write mqtts:// or wss://",
	);
});

test("where there is no cloud, or are no settings yet, nobody objects", () => {
	expect(messages()).toEqual([]);
	expect(settingsFaults({ ...reference, cloud: azureEventGrid() }, scratch.path("none.json"))).toEqual([]);
});
