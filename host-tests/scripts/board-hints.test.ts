import { expect, test } from "vitest";
import { boardHints } from "../../scripts/start/board-hints.js";

const told = (listen: string, addresses = ["192.168.1.20", "10.0.0.2"]) =>
	boardHints(listen, 8883, "/h", addresses).join(" ");

test("tells boards where the broker is, and what else their settings need", () => {
	expect(told("0.0.0.0")).toContain("at mqtts://192.168.1.20:8883 or mqtts://10.0.0.2:8883.");
	expect(told("192.168.1.20")).toContain("at mqtts://192.168.1.20:8883.");
	for (const name of ["device.password", "ca.pem"]) expect(told("0.0.0.0")).toContain(name);
});

test("tells them nothing where they cannot reach it", () => {
	for (const listen of ["127.0.0.1", "localhost", "::1"]) expect(told(listen)).toBe("");
	expect(told("0.0.0.0", [])).toBe("This computer has no address in a network, so boards cannot reach it.");
});
