import { describe, expect, it } from "vitest";
import type { Cloud } from "../../firmware/model/cloud.js";
import { DeviceSession, deviceId, linkOptions, settingsFault, topicPrefix } from "../../firmware/runtime/settings.js";
import { VirtualBoard } from "../virtual/board.js";

const broker = { host: "broker.test", port: 1883, username: "u", password: "p" };

describe("settings", () => {
	it("name the device and the beginning of its topics", () => {
		const settings = { id: "greenhouse", root: "site/farpin", broker };
		expect(deviceId(settings, "0242ac110002")).toBe("greenhouse");
		expect(topicPrefix(settings, "greenhouse")).toBe("site/farpin/greenhouse/");
		expect(settingsFault(settings)).toBeUndefined();
		expect(deviceId({ broker }, "0242ac110002")).toBe("0242ac110002");
		expect(topicPrefix({ broker }, "x")).toBe("farpin/x/");
	});

	it.each(["", "a/b", "#", "Ä", "a".repeat(33)])("that name it %j are told, and do not keep it from its work", (id) => {
		expect(deviceId({ id, broker }, "0242ac110002")).toBe("0242ac110002");
		expect(settingsFault({ id, broker })).toBe(`"${id}" is no name for a device: use 1 to 32 of a-z, 0-9 and -`);
	});

	it.each(["", "+", "a/#"])("with the root %j are told, and do not keep it from its work", (root) => {
		expect(topicPrefix({ root, broker }, "x")).toBe("farpin/x/");
		expect(settingsFault({ root, broker })).toContain("is not a topic");
	});

	it("introduce the device to the broker, with its last will", () => {
		const otherBrokers = [{ host: "other.test", port: 1883, username: "v" }];
		const session = new DeviceSession(
			{ broker, otherBrokers },
			{ id: "greenhouse", prefix: "farpin/greenhouse/", device: { signing: undefined }, board: new VirtualBoard() },
		);
		expect(session).toMatchObject({
			clientId: "farpin-greenhouse",
			username: "u",
			password: "p",
			will: { topic: "farpin/greenhouse/status", payload: "offline", qos: 1, retain: true },
		});
		session.brokerIndex = 1;
		expect(session).toMatchObject({ clientId: "farpin-greenhouse", username: "v", password: undefined });
	});

	it("leave it to a cloud how the device introduces itself, and which protocol it asks for", () => {
		const will = { topic: "bye", payload: "", qos: 0, retain: false } as const;
		const cloud: Cloud = {
			name: "test",
			version: 4,
			clientId: (id) => `c-${id}`,
			username: ({ host, username }) => `${host}/${username}`,
			password: ({ password, prefix }) => `${password}@${prefix}`,
			will: () => will,
			protocol: (port) => (port === 443 ? "x-test" : undefined),
			check: () => [],
			checkBroker: () => [],
		};
		const place = {
			id: "shed",
			prefix: "farpin/shed/",
			device: { cloud, signing: undefined },
			board: new VirtualBoard(),
		};
		const introduction = { clientId: "c-shed", username: "broker.test/u", password: "p@farpin/shed/", will };
		expect(new DeviceSession({ broker }, place)).toMatchObject(introduction);
		const tls = { roots: [] };
		const otherBrokers = [443, 8883].map((port) => ({ host: "tls.test", port, tls }));
		const own = { host: "own.test", port: 443, tls: { roots: [], protocol: "own" } };
		const options = linkOptions({ broker, otherBrokers: [...otherBrokers, own] }, cloud);
		expect(options.version).toBe(4);
		expect(options.brokers.map((each) => each.tls?.protocol)).toEqual([undefined, "x-test", undefined, "own"]);
	});
});
