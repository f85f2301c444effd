import { expect, it } from "vitest";
import { explainAlert } from "../../firmware/security/alert-words.js";

it("says what an alert means, in words where there are any", () => {
	expect(explainAlert(0)).toBe("TLS refused by the other side: it closed the connection during the handshake");
	expect(explainAlert(120)).toBe("TLS refused by the other side: no application protocol in common");
	for (const about of [42, 43, 46])
		expect(explainAlert(about)).toContain("it does not accept this device's certificate");
	expect(explainAlert(255)).toBe("TLS refused by the other side: alert 255");
});

it("says that a certificate is missing where one was asked for, and not when something else is wrong", () => {
	const missing = explainAlert(116);
	expect(missing).toContain("it demands a certificate of this device");
	for (const alert of [40, 42]) expect(explainAlert(alert, true)).toBe(missing);
	for (const alert of [0, 45, 48, 70]) expect(explainAlert(alert, true)).toBe(explainAlert(alert));
});

it("has words of its own for every alert that is about trust or what was offered", () => {
	const all = [40, 42, 44, 45, 48, 49, 70, 71, 90, 112, 116, 120].map((alert) => explainAlert(alert));
	expect(new Set(all).size).toBe(all.length);
	for (const words of all) expect(words).not.toMatch(/alert \d/);
});
