import { beforeAll, describe, expect, it } from "vitest";
import { algorithmOf, readCertificate } from "../../firmware/security/certificate.js";
import { Refused } from "../../firmware/security/refused.js";
import { issue, NOW_MS, root } from "./pki.js";

let der: Uint8Array;

beforeAll(async () => {
	const top = await root({ key: "rsa2048" });
	der = (await issue({ by: top, names: ["broker.test", "10.0.0.1"] })).der;
});

/** What comes of reading these bytes; anything but an answer or a refusal is thrown on. */
function read(bytes: Uint8Array): "read" | "refused" {
	try {
		readCertificate(bytes);
		return "read";
	} catch (error) {
		if (error instanceof Refused) return "refused";
		throw error;
	}
}

describe("a certificate", () => {
	it("is read as it was written", () => {
		const certificate = readCertificate(der);
		const { fromMs, untilMs, key, extensions } = certificate;
		expect([fromMs, untilMs]).toEqual([NOW_MS - 86_400_000, NOW_MS + 90 * 86_400_000]);
		expect(key.kind).toBe("ec");
		expect(algorithmOf(certificate)).toEqual({ kind: "rsa", hash: "SHA256" });
		expect(extensions).toMatchObject({ isAuthority: false, maySign: true, mayIssue: false, mayServe: true });
	});

	it("is refused when it is cut short anywhere, or has something behind it", () => {
		for (let length = 0; length < der.length; length++) expect(read(der.subarray(0, length))).toBe("refused");
		expect(read(Uint8Array.of(...der, 0))).toBe("refused");
	});

	it("never throws anything but a refusal, whatever is changed in it, and takes no time for it", () => {
		const rounds = Number(process.env.FUZZ_ROUNDS ?? 20_000);
		let state = 1;
		const random = (below: number) => {
			state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
			return state % below;
		};
		let refused = 0;
		for (let round = 0; round < rounds; round++) {
			const bytes = der.slice();
			for (let n = random(4); n >= 0; n--) bytes[random(bytes.length)] = random(256);
			if (random(4) === 0) bytes.copyWithin(random(bytes.length), random(bytes.length));
			if (read(bytes) === "refused") refused++;
		}
		expect(refused).toBeGreaterThan(rounds / 4);
	});
});
