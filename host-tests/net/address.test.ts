import { describe, expect, it } from "vitest";
import { isIpv4, streamOptions } from "../../firmware/net/address.js";

describe("addresses", () => {
	it.each(["192.168.0.1", "0.0.0.0", "255.255.255.255"])("%s is one", (host) => expect(isIpv4(host)).toBe(true));

	it.each(["", "broker", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1..3.4", "1.2.3.4 ", "1.2.3.-4", "1.2.3.1e1", "::1"])(
		"%j is none",
		(host) => expect(isIpv4(host)).toBe(false),
	);

	it("asks the certificate for the name, not for the address behind it", () => {
		const roots = [new Uint8Array(1)];
		expect(streamOptions({ host: "broker.test", port: 8883, tls: { roots } }, "10.0.0.1")).toEqual({
			address: "10.0.0.1",
			port: 8883,
			tls: { serverName: "broker.test", roots },
		});
		expect(streamOptions({ host: "broker.test", port: 1883 }, "10.0.0.1")).toEqual({ address: "10.0.0.1", port: 1883 });
	});
});
