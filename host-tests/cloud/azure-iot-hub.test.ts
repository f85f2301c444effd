import { describe, expect, it } from "vitest";
import { azureIotHub } from "../../firmware/cloud/azure-iot-hub.js";
import reference from "../../firmware/device.js";
import { checkDevice } from "../../firmware/model/check.js";
import { minutes, seconds } from "../../firmware/model/units.js";
import { FACTS } from "./facts.js";

const KEY = { password: "dGhlIGtleQ==", certificate: false };

const complaints = (cloud: ReturnType<typeof azureIotHub>) =>
	checkDevice({ ...reference, cloud }).map(({ message }) => message);

describe("Azure IoT Hub", () => {
	it("takes the reference device, with a key or with a certificate", () => {
		expect(complaints(azureIotHub())).toEqual([]);
		expect(azureIotHub().checkBroker({ ...FACTS, ...KEY })).toEqual([]);
		expect(azureIotHub().checkBroker({ ...FACTS, ...KEY, webSocket: true, port: 443 })).toEqual([]);
		expect(azureIotHub({ login: "certificate" }).checkBroker(FACTS)).toEqual([]);
	});

	it.each([
		[{ tokenLife: minutes(1) }, "Azure IoT Hub: `tokenLife` is not between 5 minutes and a year"],
		[{ twinEvery: 10 }, expect.stringContaining("`twinEvery` is not at least 1 s")],
		[
			{ messagesPerDay: 8_000 },
			"Azure IoT Hub: it sends up to 11520 messages a day of 8000: raise `telemetryEvery` or `twinEvery`",
		],
	])("says what is wrong with %j", (options, why) => {
		expect(complaints(azureIotHub(options))).toContainEqual(why);
	});

	it("counts what a device sends in a day", () => {
		const cloud = azureIotHub({ messagesPerDay: 8_000, twinEvery: minutes(2) });
		expect(cloud.check({ ...reference, telemetryEveryMs: seconds(20) })).toEqual([]);
	});

	it.each([
		[{ encrypted: false }, "Azure IoT Hub takes only what is encrypted: write mqtts:// or wss://"],
		[{ port: 443 }, "port 443 is not the one of Azure IoT Hub, which is 8883"],
		[{ username: "me" }, `"user" is not for Azure IoT Hub: it is made of the host and the device's id`],
		[{ password: undefined }, `"password" is not the device's key, in Base64, as Azure IoT Hub shows it`],
		[{ password: "secret!" }, `"password" is not the device's key, in Base64, as Azure IoT Hub shows it`],
		[{ password: "" }, `"password" is not the device's key, in Base64, as Azure IoT Hub shows it`],
	])("says what is wrong with settings such as %j", (facts, why) => {
		expect(azureIotHub().checkBroker({ ...FACTS, ...KEY, ...facts })).toEqual([why]);
	});

	it("wants of a device with a certificate no key", () => {
		const cloud = azureIotHub({ login: "certificate" });
		expect(cloud.checkBroker({ ...FACTS, ...KEY })).toEqual([
			'"password" is not for a device that shows a certificate',
			"Azure IoT Hub wants a certificate of the device",
		]);
	});
});
