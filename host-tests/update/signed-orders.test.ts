import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Envelope } from "../../firmware/model/envelope.js";
import type { Signing } from "../../firmware/model/signing.js";
import { AGAIN_MS, BURST } from "../../firmware/security/signature-budget.js";
import { sealedMessages } from "../../firmware/trust/envelopes.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { type OrderToSign, sealToken, signCommand, signOrder } from "../../scripts/trust/sign.js";
import { ellipticKey, sealingKey, sharedKey } from "../trust/owner.js";
import { KEY, UpdateRig, URL } from "./rig.js";

const owner = ellipticKey("owner");
const reader = sealingKey("reader");

let rig: UpdateRig;
beforeEach(() => {
	begin();
});

/** Another device, that wants to be commanded so. */
function begin(signing: Signing | null = signedCommands() as Signing, envelope?: Envelope): void {
	rig = new UpdateRig();
	rig.signing = signing ?? undefined;
	rig.envelope = envelope;
	rig.keys = [owner, reader];
	rig.start().advance(5_000);
}

function signed(order: object, key = owner, more: Partial<OrderToSign> = {}): string {
	const nowMs = rig.board.clock.wallMs() as number;
	return signOrder(key, { device: "shed", order, nowMs, validS: 60, ...more });
}

const install = () => ({ manifest: rig.manifest(), url: URL });

function reasons(): (string | undefined)[] {
	return rig.advance(2_000).reports.map(({ reason }) => reason);
}

function expectUntouched(): void {
	expect([rig.slots.operations, rig.version]).toEqual([0, "1.0.0"]);
	expect(rig.board.store.keys().filter((key) => key.startsWith("upd") || key === "replay")).toEqual([]);
}

describe("an order, at a device that wants signed commands", () => {
	it("is carried out when it is signed, sealed or not, and its reports come back without being taken for orders", () => {
		rig.order(sealToken(signed(install()), reader));
		rig.reaches("confirmed");
		expect(rig.states()).toEqual(["fetching", "restarting", "trial", "confirmed"]);
		expect(rig.advance(60_000).version).toBe("1.1.0");
	});

	it("is carried out also where reports are sealed: those that come back are not orders", () => {
		begin(signedCommands() as Signing, sealedMessages({ key: "reader" }));
		rig.order(signed(install()));
		rig.reaches("confirmed");
		expect(rig.states()).toEqual(["fetching", "restarting", "trial", "confirmed"]);
	});

	it("is refused without a signature, to install and to cancel", () => {
		rig.order(install()).order({ do: "cancel" });
		expect(reasons()).toEqual([
			expect.stringContaining("it is not signed"),
			expect.stringContaining("it is not signed"),
		]);
		expectUntouched();
		rig.order(signed(install()));
		rig.reaches("fetching");
		rig.order({ do: "cancel" });
		expect(rig.reaches("refused").reason).toContain("it is not signed");
		rig.reaches("confirmed");
	});

	it.each(["only pump", "all"])("is signed, whether %s want that", (which) => {
		begin(signedCommands(which === "all" ? {} : { only: ["pump"] }) as Signing);
		rig.order(install());
		expect(reasons()).toEqual([expect.stringContaining("it is not signed")]);
	});

	it("is refused when it is for another device, has expired, or is signed by somebody else", () => {
		rig
			.order(signed(install(), owner, { device: "barn" }))
			.order(signed(install(), owner, { nowMs: (rig.board.clock.wallMs() as number) - 120_000 }))
			.order(signed(install(), ellipticKey("owner")))
			.order(signed(install(), sharedKey("stranger") as never));
		expect(reasons()).toEqual([
			expect.stringContaining("not for this device"),
			expect.stringContaining("has expired"),
			expect.stringContaining("not made with the key owner"),
			expect.stringContaining("does not know the key"),
		]);
		expectUntouched();
	});

	it("is no command, and a command is no order", () => {
		const nowMs = rig.board.clock.wallMs() as number;
		const command = (document: object) => signCommand(owner, { device: "shed", command: document, nowMs, validS: 60 });
		rig.order(command(install())).order(command({ do: "cancel" }));
		expect(reasons()).toEqual(["there is no order in it", "there is no order in it"]);
		const results: string[] = [];
		rig.broker.observe("farpin/shed/result", (message) => void results.push(rig.broker.textOf(message) as string));
		rig.broker.publish("farpin/shed/command", signed({ do: "restart" }), { qos: 1 });
		rig.advance(5_000);
		expect(results).toEqual([expect.stringContaining("there is no command in it")]);
		expect([rig.starts, rig.slots.operations]).toEqual([["1.0.0"], 0]);
	});

	it("is not carried out when it is retained, and not noted then", () => {
		rig.setBroker(false);
		rig.order(signed(install(), owner, { validS: 3_600 }), true).setBroker(true);
		rig.advance(120_000);
		expect(reasons()).toEqual([expect.stringContaining("without the retain flag")]);
		expectUntouched();
	});

	it("that is delivered twice is carried out once, and one that comes again later is refused", () => {
		const order = signed(install());
		rig.order(order).order(order);
		rig.reaches("confirmed");
		expect(rig.states()).toEqual(["fetching", "restarting", "trial", "confirmed"]);
		const cancel = signed({ do: "cancel" });
		rig.advance(10_000).order(cancel).advance(1_000).order(cancel);
		expect(reasons().slice(-2)).toEqual(["no update is under way", "it was here before: order it anew"]);
	});

	it("to cancel is carried out when it is signed", () => {
		rig.sendsBlocks = false;
		rig.order(signed({ manifest: rig.manifest() }));
		rig.reaches("fetching");
		rig.order(signed({ do: "cancel" }));
		expect(rig.reaches("cancelled").version).toBe("1.1.0");
	});
});

describe("a signed order, at a device that wants none", () => {
	it("is refused in words that help", () => {
		begin(null);
		rig.order(signed(install()));
		expect(reasons()).toEqual([expect.stringContaining("it is signed or sealed, and this device takes what is not")]);
	});

	it("and that seals its reports does not take them for orders", () => {
		begin(null, sealedMessages({ key: "reader" }));
		rig.order(install());
		rig.reaches("confirmed");
		expect(rig.states()).toEqual(["fetching", "restarting", "trial", "confirmed"]);
	});
});

describe("orders of forged releases without end", () => {
	beforeEach(() => {
		rig = new UpdateRig();
		rig.start().advance(5_000);
	});

	const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const forged = () => rig.manifest({}, { privateKey, publicKey: KEY.publicKey });

	it("have some of their signatures checked, and a genuine one its own again after ten seconds", () => {
		for (let second = 0; second < 30; second++) {
			for (let n = 0; n < 10; n++) rig.order({ manifest: forged(), url: URL });
			rig.advance(1_000);
		}
		const checked = reasons().filter((reason) => reason === "the signature of the release is wrong").length;
		expect(checked).toBeGreaterThanOrEqual(BURST + 2);
		expect(checked).toBeLessThanOrEqual(BURST + 3);
		rig.order(install());
		expect(reasons().at(-1)).toContain("too many signatures were good for nothing");
		rig.advance(AGAIN_MS).order(install());
		rig.reaches("confirmed");
		expect(rig.version).toBe("1.1.0");
	});
});
