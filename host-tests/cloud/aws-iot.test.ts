import { describe, expect, it } from "vitest";
import { awsIot } from "../../firmware/cloud/aws-iot.js";
import reference from "../../firmware/device.js";
import { analogInput } from "../../firmware/drivers/analog-input.js";
import { checkDevice } from "../../firmware/model/check.js";
import { defineDevice } from "../../firmware/model/device.js";
import { percent } from "../../firmware/model/quantity.js";
import { linkOptions } from "../../firmware/runtime/settings.js";
import { sealedMessages, signedTelemetry } from "../../firmware/trust/envelopes.js";
import { updates } from "../../firmware/update/updates.js";
import { FACTS } from "./facts.js";

const AWS = { ...FACTS, host: "abc123-ats.iot.eu-west-1.amazonaws.com" };

const complaints = (cloud: ReturnType<typeof awsIot>, device = reference) =>
	checkDevice({ ...device, cloud }).map(({ message }) => message);

describe("AWS IoT Core", () => {
	it("takes the reference device", () => {
		expect(complaints(awsIot())).toEqual([]);
		expect(awsIot().checkBroker(AWS)).toEqual([]);
		expect(awsIot().checkBroker({ ...AWS, port: 443 })).toEqual([]);
	});

	it("is asked for MQTT by ALPN at port 443, and only there", () => {
		const tls = { roots: [] };
		const brokers = [443, 8883].map((port) => ({ host: AWS.host, port, tls }));
		const [broker, ...otherBrokers] = brokers as [(typeof brokers)[0], ...typeof brokers];
		const options = linkOptions({ broker, otherBrokers }, awsIot());
		expect(options.brokers.map((each) => each.tls?.protocol)).toEqual(["x-amzn-mqtt-ca", undefined]);
	});

	it("does not take a device that has more to say than 100 values a second", () => {
		const probe = (pin: number) => analogInput({ pin, every: 100, as: percent("moisture"), from: [0, 1] });
		const entities = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`p${i}`, probe(32 + (i % 4))]));
		const device = defineDevice({ name: "Many", entities, cloud: awsIot() });
		expect(device.cloud?.check(device)).toEqual([
			"its sensors have up to 110 new values a second, and a device may publish 100: raise `every`",
		]);
	});

	it("does not take a device that seals what it says of updates, which jobs are to be told of", () => {
		const device = { ...reference, updates: updates({ version: "1.0.0" }) };
		expect(complaints(awsIot(), device)).toEqual([]);
		expect(complaints(awsIot(), { ...device, envelope: signedTelemetry({ key: "mac" }) })).toEqual([]);
		expect(complaints(awsIot(), { ...device, envelope: sealedMessages({ key: "reader" }) })).toEqual([
			expect.stringContaining("jobs of AWS IoT Core could not be told how they end"),
		]);
	});

	it.each([
		[{ thingName: (id: string) => `a b ${id}` }, /^AWS IoT Core: a thing's name has 1 to 128 letters/],
		[{ thingName: (id: string) => "x".repeat(97) + id }, /^AWS IoT Core: a thing's name has 1 to 128 letters/],
		[{ shadowEvery: 50 }, /^AWS IoT Core: `shadowEvery` is not at least 100 ms/],
	])("says what is wrong with %j", (options, why) => {
		expect(complaints(awsIot(options))).toEqual([expect.stringMatching(why)]);
	});

	it.each([
		[{ encrypted: false }, "takes devices with certificates over MQTT and TLS only: write mqtts://"],
		[{ webSocket: true, port: 443 }, "takes devices with certificates over MQTT and TLS only"],
		[{ port: 1883 }, "port 1883 is not one of AWS IoT Core, which are 8883 and 443"],
		[{ certificate: false }, "AWS IoT Core wants a certificate of the device"],
		[{ username: "me", password: "secret" }, '"user" and "password" are not for AWS IoT Core'],
		[{ host: "abc123.iot.eu-west-1.amazonaws.com" }, "is an old address of AWS IoT Core: take the one with -ats"],
		[{ root: "a/b/c/d/e/f" }, 'topics may have 7 slashes: shorten "root"'],
		[{ root: "é".repeat(100) }, 'topics may have 256 bytes: shorten "root"'],
	])("says what is wrong with settings such as %j", (facts, why) => {
		expect(awsIot().checkBroker({ ...AWS, ...facts })).toEqual([expect.stringContaining(why)]);
	});
});
