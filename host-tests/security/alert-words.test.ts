import { expect, it } from "vitest";
import { explainAlert } from "../../firmware/security/alert-words.js";

it("says what an alert means, in words where there are any", () => {
	expect(explainAlert(0)).toBe("TLS refused by the other side: it closed the connection during the handshake");
	expect(explainAlert(120)).toBe("TLS refused by the other side: no application protocol in common");
	for (const about of [42, 43, 46])
		expect(explainAlert(about)).toContain("it does not accept this device's certificate");
	expect(explainAlert(255)).toBe("TLS refused by the other side: alert 255");
});

it("has words of its own for every alert that is about trust or what was offered", () => {
	const all = [40, 42, 44, 45, 48, 49, 70, 71, 90, 112, 116, 120].map(explainAlert);
	expect(new Set(all).size).toBe(all.length);
	for (const words of all) expect(words).not.toMatch(/alert \d/);
});
