import { expect, it } from "vitest";
import { ServerLimits } from "../../firmware/mqtt/limits.js";

it("takes what the server says, and the specification's defaults for the rest (MQTT 5 §3.2.2.3)", () => {
	const limits = new ServerLimits();
	const defaults = { ...limits };
	expect(defaults).toEqual({
		receiveMaximum: 65_535,
		maximumQos: 2,
		retainAvailable: true,
		maximumPacketBytes: Number.POSITIVE_INFINITY,
		keepAliveS: -1,
	});
	limits.read({ receiveMaximum: 3, maximumQoS: 0, retainAvailable: false, maximumPacketSize: 99, serverKeepAlive: 0 });
	expect({ ...limits }).toEqual({
		receiveMaximum: 3,
		maximumQos: 0,
		retainAvailable: false,
		maximumPacketBytes: 99,
		keepAliveS: 0,
	});
	limits.read(undefined);
	expect({ ...limits }).toEqual(defaults); // nothing of the last server remains
});
