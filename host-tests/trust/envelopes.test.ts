import { compactDecrypt, compactVerify } from "jose";
import { describe, expect, it } from "vitest";
import reference from "../../firmware/device.js";
import { inEncoding } from "../../firmware/model/device.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import { sealedMessages, signedTelemetry } from "../../firmware/trust/envelopes.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { openMessage } from "../../scripts/trust/open.js";
import { lineOf } from "../../scripts/trust/watch.js";
import { DeviceRig, type RigOptions } from "../runtime/rig.js";
import { sealingKey, sharedKey } from "./owner.js";

const reader = sealingKey("reader");
const mac = sharedKey("mac");
const KEYS = [reader, mac];
const UNSEALED = ["status", "about"];

function rigWith(envelope: NonNullable<typeof reference.envelope>, options: RigOptions = {}): DeviceRig {
	const settings = { keys: KEYS.map(({ line }) => line) };
	return new DeviceRig({ device: { ...reference, envelope }, settings, crypto: nodeCrypto, ...options }).start(30_000);
}

function openAll(rig: DeviceRig, topic: string) {
	return rig.texts(topic).map((text) => openMessage(Buffer.from(text), `farpin/greenhouse/${topic}`, KEYS));
}

describe("sealed messages", () => {
	const rig = rigWith(sealedMessages({ key: "reader" }));
	rig.publish("pump/set", "ON").publish("lamp/set", "purple").advance(5_000);

	it("are all but the status and the description", () => {
		const topics = new Set(rig.seen.map(({ topic }) => topic));
		for (const topic of ["telemetry", "event", "result", "health", "pump/state"]) expect(topics).toContain(topic);
		for (const { topic, text, properties } of rig.seen) {
			expect(text.startsWith("eyJ"), topic).toBe(!UNSEALED.includes(topic));
			if (!UNSEALED.includes(topic)) expect(properties?.contentType).toBe("application/jose");
		}
	});

	it("are opened by the owner, and by jose", async () => {
		expect(openAll(rig, "pump/state").map(({ payload }) => payload.toString())).toEqual(["OFF", "ON"]);
		const [first] = openAll(rig, "telemetry");
		const { boot, samples } = JSON.parse(String(first?.payload)) as { boot: number; samples: object[] };
		expect([boot, samples.length > 1, first?.proof]).toEqual([1, true, "sealed"]);
		const { plaintext, protectedHeader } = await compactDecrypt(rig.last("result") as string, reader.secret);
		expect(JSON.parse(Buffer.from(plaintext).toString())).toMatchObject({ entity: "lamp", outcome: "refused" });
		expect(protectedHeader).toMatchObject({ alg: "dir", enc: "A256GCM", topic: "farpin/greenhouse/result" });
	});

	it("betray no value, and never use a nonce twice, also after restarts", () => {
		for (let n = 0; n < 3; n++) {
			rig.board.reset("power");
			rig.advance(20_000);
		}
		const sealed = rig.seen.filter(({ topic }) => !UNSEALED.includes(topic));
		const nonces = new Set(sealed.map(({ text }) => text.split(".")[2]));
		expect(sealed.length).toBeGreaterThan(40);
		expect(nonces.size).toBe(sealed.length);
		for (const { text } of sealed) for (const part of text.split(".").slice(2)) expect(part).toMatch(/^[\w-]+$/);
	});

	it("are of one topic and one key only", () => {
		const sealed = Buffer.from(rig.last("pump/state") as string);
		expect(() => openMessage(sealed, "farpin/greenhouse/lamp/state", KEYS)).toThrow("made for the topic");
		expect(() => openMessage(sealed, "farpin/greenhouse/pump/state", [mac])).toThrow("is not here");
		expect(() => openMessage(sealed, "farpin/greenhouse/pump/state", [sealingKey("reader")])).toThrow("was not sealed");
		expect(lineOf("farpin/greenhouse/pump/state", sealed, KEYS)).toBe("farpin/greenhouse/pump/state (sealed) OFF");
		expect(lineOf("farpin/garage/pump/state", sealed, KEYS)).toContain("NOT TO BE TRUSTED");
		expect(lineOf("farpin/garage/command", sealed, KEYS)).toBe(`farpin/garage/command <- ${sealed}`);
		expect(lineOf("a/status", Buffer.from("online"), KEYS)).toBe("a/status online");
	});

	it("are answers, too, wherever they were asked for", () => {
		rig.command({ id: "q", do: "report" }, { responseTopic: "status" });
		const answer = rig.seen.filter(({ topic }) => topic === "status").at(-1);
		expect(openMessage(Buffer.from(answer?.text ?? ""), "status", KEYS).payload.toString()).toContain('"id":"q"');
	});

	it("may be in MessagePack", () => {
		const packed = rigWith(sealedMessages({ key: "reader" }), {
			device: { ...inEncoding(reference, messagePack), envelope: sealedMessages({ key: "reader" }) },
		});
		expect((openAll(packed, "telemetry")[0]?.payload[0] ?? 0) >= 0x80).toBe(true);
		expect(lineOf("farpin/greenhouse/telemetry", Buffer.from(packed.last("telemetry") as string), KEYS)).toContain(
			'"samples"',
		);
	});
});

describe("without its key", () => {
	it.each([
		["nobody", sealedMessages({ key: "nobody" })],
		["a key for something else", sealedMessages({ key: "mac" })],
		["a key for sealing", signedTelemetry({ key: "reader" })],
	])("(%s) a device sends nothing that belongs into an envelope, and says so", (_name, envelope) => {
		const rig = rigWith(envelope);
		for (const { topic } of rig.seen) expect(envelope.covers(topic), topic).toBe(false);
		expect(rig.board.lines.join("\n")).toContain(`has no key ${envelope.key} for its envelope`);
		expect(rig.running?.outbox.telemetry.waiting).toBeGreaterThan(0);
		expect(rig.running?.outbox.telemetry.dropped).toBe(0);
	});
});

describe("signed telemetry", () => {
	const rig = rigWith(signedTelemetry({ key: "mac" }));

	it("is every batch, and only telemetry", async () => {
		for (const { topic, text } of rig.seen) expect(text.startsWith("eyJ"), topic).toBe(topic === "telemetry");
		const batches = openAll(rig, "telemetry");
		expect(batches.map(({ proof }) => proof)).toEqual(batches.map(() => "signed"));
		const { payload } = await compactVerify(rig.last("telemetry") as string, mac.secret);
		expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ boot: 1 });
	});

	it("that somebody changed is told", () => {
		const [head, , signature] = (rig.last("telemetry") as string).split(".");
		const forged = Buffer.from([head, Buffer.from('{"boot":1}').toString("base64url"), signature].join("."));
		expect(() => openMessage(forged, "farpin/greenhouse/telemetry", KEYS)).toThrow("was not made with the key mac");
	});

	it("cannot pass for a command that was signed with the same key", () => {
		expect(rig.last("telemetry")?.split(".")).toHaveLength(3);
		const header = JSON.parse(Buffer.from(String(rig.last("telemetry")?.split(".")[0]), "base64url").toString());
		expect(Object.keys(header)).toContain("topic"); // which no command's header may have
	});
});
