import { describe, expect, it } from "vitest";
import { azureEventGrid } from "../../firmware/cloud/azure-event-grid.js";
import reference from "../../firmware/device.js";
import { checkDevice } from "../../firmware/model/check.js";
import type { Packet } from "../../firmware/mqtt/packet.js";
import { DeviceRig } from "../runtime/rig.js";
import { FACTS } from "./facts.js";

/**
 * A stand-in for the MQTT broker of Azure Event Grid, written from its public documents (see the profile); the service
 * itself was not asked. Which certificate belongs to a name is not its business: TLS is tested elsewhere.
 */
function standIn(registered: string) {
	const admit = ({ clientId, username, password, keepalive = 0, will }: Packet): number => {
		if (username !== registered || password || !clientId) return 0x87; // not authorized
		if (keepalive > 1_160) return 0x83;
		return (will?.qos ?? 0) > 1 ? 0x9b : 0;
	};
	const properties = {
		maximumQoS: 1,
		maximumPacketSize: 524_288,
		topicAliasMaximum: 10,
		sharedSubscriptionAvailable: false,
		subscriptionIdentifiersAvailable: false,
	};
	return { admit, properties };
}

function rig(cloud = azureEventGrid(), registered = "greenhouse"): DeviceRig {
	return new DeviceRig({ device: { ...reference, cloud }, broker: standIn(registered) });
}

describe("Azure Event Grid", () => {
	it("knows the device by its authentication name, and carries our topics as they are", () => {
		const home = rig().start(15_000);
		expect(home.last("status")).toBe("online");
		expect(home.samples.length).toBeGreaterThan(0);
		home.publish("target/set", "22");
		expect(home.last("target/state")).toBe("22");
		expect(home.broker.violations).toEqual([]);
	});

	it("may call the devices as it likes", () => {
		const home = rig(azureEventGrid({ authenticationName: (id) => `site-7.${id}` }), "site-7.greenhouse").start();
		expect([...home.broker.clients.keys()]).toEqual(["site-7.greenhouse"]);
	});

	it("refuses who has another name, and the owner sees why", () => {
		const home = rig(azureEventGrid(), "shed").start();
		expect(home.seen).toEqual([]);
		expect(home.running?.link.lastError).toContain("no permission");
	});

	it.each([
		[{}, []],
		[{ webSocket: true, port: 443 }, []],
		[{ encrypted: false }, ["Azure Event Grid takes only what is encrypted: write mqtts:// or wss://"]],
		[{ port: 443 }, ["port 443 is not the one of Azure Event Grid, which is 8883"]],
		[{ certificate: false }, ["Azure Event Grid wants a certificate of the device"]],
		[
			{ username: "me", password: "secret" },
			[`"user" and "password" are not for Azure Event Grid: the device's certificate says who it is`],
		],
	])("finds with %j: %j", (facts, faults) => {
		expect(azureEventGrid().checkBroker({ ...FACTS, ...facts })).toEqual(faults);
	});

	it("tells of names that are too long", () => {
		const cloud = azureEventGrid({ authenticationName: (id) => "x".repeat(100) + id });
		expect(checkDevice({ ...reference, cloud }).map(({ message }) => message)).toEqual([
			"Azure Event Grid: its authentication names have up to 132 characters, and 1 to 128 are allowed",
		]);
	});
});
