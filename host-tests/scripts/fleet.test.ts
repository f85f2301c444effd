import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { azureIotHub } from "../../firmware/cloud/azure-iot-hub.js";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import device from "./bench-device.js";
import { type OwnBroker, oneDevice, ownBroker, Scratch } from "./rig.js";

const scratch = new Scratch();
let own: OwnBroker;
let running: SimulatedDevice;

beforeAll(async () => {
	own = await ownBroker(scratch);
	running = oneDevice(scratch, own.target, { of: { ...device, cloud: azureIotHub() } });
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
