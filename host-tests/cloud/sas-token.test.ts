import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { sasToken } from "../../firmware/cloud/sas-token.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { plainText } from "../virtual/text.js";

const board = { crypto: nodeCrypto, text: plainText };

it("a token is what the documents' own function makes of the same", () => {
	const key = Buffer.from("some key").toString("base64");
	for (let endS = 1_800_000_000; endS < 1_800_000_050; endS++) {
		const name = encodeURIComponent("my-hub.azure-devices.net/devices/shed");
		const signature = createHmac("sha256", Buffer.from(key, "base64")).update(`${name}\n${endS}`).digest("base64");
		expect(sasToken("my-hub.azure-devices.net/devices/shed", key, endS, board)).toBe(
			`SharedAccessSignature sr=${name}&sig=${encodeURIComponent(signature)}&se=${endS}`,
		);
	}
});

it.each(["", "no key", "abc"])("of the key %j there is none", (key) => {
	expect(sasToken("h/devices/d", key, 1, board)).toBeUndefined();
});
