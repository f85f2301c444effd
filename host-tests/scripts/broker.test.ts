import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Broker, startBroker } from "../../scripts/broker/broker.js";
import { type ServerIdentity, serverIdentity } from "../../scripts/pki/authority.js";

const home = mkdtempSync(join(tmpdir(), "farpin-broker-"));
const access = {
	ownerPassword: "owner-password-of-the-test",
	devicePassword: "device-password-of-the-test",
	root: "farpin",
};
const clients: MqttClient[] = [];
let identity: ServerIdentity;
let broker: Broker;

beforeAll(async () => {
	identity = await serverIdentity(home, ["localhost", "127.0.0.1"]);
	broker = await startBroker({ identity, access, port: 0, listen: "127.0.0.1" });
});
afterEach(async () => {
	await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
});
afterAll(async () => {
	await broker.close();
	rmSync(home, { recursive: true, force: true });
});

async function client(username: string, password: string, more: IClientOptions = {}): Promise<MqttClient> {
	const one = await connectAsync(
		`mqtts://localhost:${broker.port}`,
		{
			ca: identity.root,
			protocolVersion: 4,
			reconnectPeriod: 0,
			username,
			password,
			...more,
		},
		false,
	);
	clients.push(one);
	return one;
}

const owner = (): Promise<MqttClient> => client("owner", access.ownerPassword);
const device = (id: string): Promise<MqttClient> => client(id, access.devicePassword);

function next(one: MqttClient): Promise<[string, string]> {
	return new Promise((resolve) => one.once("message", (topic, payload) => resolve([topic, String(payload)])));
}

test("lets nobody in without the right password", async () => {
	await expect(client("owner", access.devicePassword)).rejects.toThrow(/bad user ?name or password/i);
	await expect(client("greenhouse", access.ownerPassword)).rejects.toThrow(/bad user ?name or password/i);
	await expect(client("", "")).rejects.toThrow(/bad user ?name or password/i);
	await expect(client("#", access.devicePassword)).rejects.toThrow(/bad user ?name or password/i);
	await expect(client("Two/Levels", access.devicePassword)).rejects.toThrow(/bad user ?name or password/i);
});

test("shows a certificate that only its own root vouches for", async () => {
	await expect(client("owner", access.ownerPassword, { ca: [] })).rejects.toThrow(/certificate/);
});

test("carries messages between the owner and a device", async () => {
	const [watcher, greenhouse] = await Promise.all([owner(), device("greenhouse")]);
	await Promise.all([watcher.subscribeAsync("farpin/#"), greenhouse.subscribeAsync("farpin/greenhouse/+/set")]);
	const [state, command] = [next(watcher), next(greenhouse)];
	await greenhouse.publishAsync("farpin/greenhouse/pump/state", "OFF", { qos: 1 });
	expect(await state).toEqual(["farpin/greenhouse/pump/state", "OFF"]);
	await watcher.publishAsync("farpin/greenhouse/pump/set", "ON", { qos: 1 });
	expect(await command).toEqual(["farpin/greenhouse/pump/set", "ON"]);
});

test("keeps a device to its own topics", async () => {
	const greenhouse = await device("greenhouse");
	for (const filter of ["#", "farpin/#", "farpin/+/pump/set", "farpin/cellar/#", "farpin/greenhouse-2/#", "$SYS/#"]) {
		await expect(greenhouse.subscribeAsync(filter), filter).rejects.toThrow(/subscribe error/i);
	}
	const watcher = await owner();
	await watcher.subscribeAsync("farpin/#", { qos: 1 });
	const cutOff = new Promise<void>((resolve) => greenhouse.once("close", () => resolve()));
	const arrived = next(watcher);
	greenhouse.publish("farpin/cellar/pump/set", "ON", { qos: 1 });
	await cutOff;
	await watcher.publishAsync("farpin/mark", "after", { qos: 1 });
	expect(await arrived).toEqual(["farpin/mark", "after"]); // nothing came before it
});

test("says in one sentence that the port is taken", async () => {
	const again = startBroker({ identity, access, port: broker.port, listen: "127.0.0.1" });
	await expect(again).rejects.toThrow(`Port ${broker.port}: it is already in use; stop the other program`);
});
