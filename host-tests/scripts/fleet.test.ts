import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { azureIotHub } from "../../firmware/cloud/azure-iot-hub.js";
import { makeFleet } from "../../scripts/start/fleet.js";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import device from "./bench-device.js";
import { DEVICE_PASSWORD, type OwnBroker, ownBroker, Scratch } from "./rig.js";

const scratch = new Scratch();
let own: OwnBroker;
let running: SimulatedDevice;

beforeAll(async () => {
	own = await ownBroker(scratch);
	const [made] = makeFleet({
		device: { ...device, cloud: azureIotHub() },
		count: 1,
		id: "bench",
		target: own.target,
		devicePassword: DEVICE_PASSWORD,
		folder: scratch.path("home"),
		onLog: () => undefined,
		onChange: () => undefined,
	});
	running = made as SimulatedDevice;
	running.start();
});
afterAll(async () => {
	await running.stop();
	await own.broker.close();
	scratch.remove();
});

test("a device that is at home in a cloud comes online at our own broker, too", async () => {
	await vi.waitFor(() => expect(running.link.state).toBe("online"), { timeout: 10_000, interval: 20 });
});
