import { describe, expect, it } from "vitest";
import type { SigningNeeds } from "../../firmware/model/signing.js";
import { Opened } from "../../firmware/trust/opened.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { pcText } from "../../scripts/board/text.js";
import { sealToken, signCommand, signOrder } from "../../scripts/trust/sign.js";
import { VirtualStore } from "../virtual/store.js";
import { ellipticKey, sealingKey } from "./owner.js";

const NOW_MS = 1_790_000_000_000;
const owner = ellipticKey("owner");
const reader = sealingKey("reader");

function needs(nowMs = NOW_MS, store = new VirtualStore(pcText)): SigningNeeds {
	const clock = { monotonicMs: () => 0, wallMs: () => nowMs, setWallMs: () => undefined };
	const board = { clock, crypto: nodeCrypto, store, text: pcText };
	const settings = { broker: { host: "broker.test", port: 1_883 } };
	return { board, id: "greenhouse", device: {}, settings, keys: [owner.line, reader.line] };
}

const more = { device: "greenhouse", nowMs: NOW_MS, validS: 60 };
const command = signCommand(owner, { ...more, command: { do: "restart" } });
const open = (token: string, purpose: "command" | "order" = "command", bytesMax?: number) =>
	checked(new Opened(pcText.encode(token), purpose, needs(), bytesMax));

function checked(opened: Opened): Opened {
	opened.check();
	return opened;
}

describe("what came signed", () => {
	it("tells what it is, who signed it, and whether it was sealed", () => {
		const bare = open(command);
		expect([bare.claims.content, bare.key.id, bare.sealed]).toEqual([new Map([["do", "restart"]]), "owner", false]);
		const sealed = open(sealToken(command, reader));
		expect([sealed.claims, sealed.key.id, sealed.sealed]).toEqual([bare.claims, "owner", true]);
		const order = signOrder(owner, { ...more, order: { do: "cancel" } });
		expect(open(order, "order").claims.content).toEqual(new Map([["do", "cancel"]]));
	});

	it("is not taken for what it is not, sealed twice, without a signature, too long, or before the time is known", () => {
		expect(() => open(command, "order")).toThrow("there is no order in it");
		expect(() => open(sealToken(sealToken(command, reader), reader))).toThrow("three parts");
		expect(() => open(sealToken('{"do":"restart"}', reader))).toThrow("three parts");
		expect(() => open(command, "command", 100)).toThrow("longer than 100 bytes");
		const early = () => new Opened(pcText.encode(command), "order", { ...needs(), ...withoutTime() });
		expect(early).toThrow("the clock is not set yet, and a signed order holds");
	});

	it("is not taken with another signature, or one of another key", () => {
		const [head, body] = command.split(".");
		expect(() =>
			open(`${head}.${body}.${command.split(".")[2]?.replace(/^./, (a) => (a === "A" ? "B" : "A"))}`),
		).toThrow("not made with");
		const forged = signCommand(ellipticKey("owner"), { ...more, command: { do: "restart" } });
		expect(() => open(forged)).toThrow("its signature was not made with the key owner");
	});

	it("is noted, and known when it comes again", () => {
		const store = new VirtualStore(pcText);
		const here = () => new Opened(pcText.encode(command), "command", needs(NOW_MS, store)).admit();
		expect([here(), here()]).toEqual([undefined, "it was here before"]);
		expect(store.keys()).toEqual(["replay"]);
		store.set = () => {
			throw new Error("flash is worn out");
		};
		const other = signCommand(owner, { ...more, command: { do: "restart" } });
		const noted = new Opened(pcText.encode(other), "command", needs(NOW_MS, store)).admit();
		expect(noted).toBe("it could not be noted, and could so be repeated: flash is worn out");
	});
});

function withoutTime(): Pick<SigningNeeds, "board"> {
	const { board } = needs();
	return { board: { ...board, clock: { ...board.clock, wallMs: () => undefined } } };
}
