import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import reference from "../../firmware/device.js";
import { replaceableSettings } from "../../firmware/trust/credentials.js";
import { sealedMessages } from "../../firmware/trust/envelopes.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { openMessage } from "../../scripts/trust/open.js";
import { sealToken, signCommand } from "../../scripts/trust/sign.js";
import { DeviceRig } from "../runtime/rig.js";
import { ellipticKey, sealingKey, sharedKey } from "./owner.js";

const BROKER_PASSWORD = "broker-password-8Hf2";
const NEW_PASSWORD = "another-broker-password-K3v";
const WIFI_PASSWORD = "wifi-password-Zq71";

const owner = sharedKey("owner");
const laptop = ellipticKey("laptop");
const reader = sealingKey("reader");
const added = sharedKey("added");

/** A device's own. */
const PRIVATE_KEY = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
	type: "pkcs8",
	format: "der",
});

/** Each secret in every form in which it could leak. */
const SECRETS = [
	PRIVATE_KEY.subarray(39, 51),
	...[BROKER_PASSWORD, NEW_PASSWORD, WIFI_PASSWORD].map((text) => Buffer.from(text)),
	...[owner, reader, added].map(({ secret }) => secret),
].flatMap((bytes) => [
	bytes.toString("latin1"),
	bytes.toString("hex"),
	bytes.toString("base64url"),
	bytes.toString("base64").replace(/=+$/, ""),
]);

function leaksIn(texts: readonly string[]): string[] {
	return texts.filter((text) => SECRETS.some((secret) => text.includes(secret)));
}

/** A device with every secret there is, that meets with all that can go wrong. */
function troubledRig(): DeviceRig {
	const signing = signedCommands({ settings: replaceableSettings });
	const device = { ...reference, signing, envelope: sealedMessages({ key: "reader" }), log: "info" as const };
	const broker = { host: "broker.test", port: 1_883, username: "greenhouse", password: BROKER_PASSWORD };
	const keys = [owner, laptop, reader].map(({ line }) => line);
	const rig = new DeviceRig({ device, settings: { broker, keys }, crypto: nodeCrypto }).start();
	const send = (command: object, key = owner) => {
		const nowMs = rig.board.clock.wallMs() as number;
		const token = signCommand(key, { device: "greenhouse", command, nowMs, validS: 60 });
		rig.publish("command", sealToken(token, reader));
	};
	send({ id: "1", keys: { add: added.line } });
	send({ id: "2", keys: { add: `${added.line}x` } });
	send({ id: "3", settings: { wifi: { ssid: "home", password: WIFI_PASSWORD, more: WIFI_PASSWORD } } });
	send({ id: "4", settings: { broker: { host: "broker.test", port: 0, password: NEW_PASSWORD } } });
	send({ id: "5", set: { pump: NEW_PASSWORD.slice(0, 4) } });
	send({ id: "6", do: "report" });
	const certificate = [Buffer.of(0x30, 0).toString("base64url")];
	send({ id: "8", settings: { certificate, key: PRIVATE_KEY.toString("base64url") } });
	send({ id: "9", settings: { certificate, key: PRIVATE_KEY.subarray(0, 90).toString("base64url") } });
	rig.publish("command", `{"settings":{"wifi":{"password":"${WIFI_PASSWORD.slice(0, 3)}"}}}`);
	rig.broker.refuseCode = 0x86;
	rig.board.network.cut();
	rig.board.network.restore();
	rig.advance(120_000);
	rig.broker.refuseCode = undefined;
	rig.advance(300_000);
	send({ id: "7", settings: { broker: { host: "nowhere.test", port: 1_883, password: NEW_PASSWORD } } });
	rig.advance(600_000);
	rig.board.reset("power");
	return rig.advance(30_000);
}

describe("secrets", () => {
	const rig = troubledRig();
	const opened = rig.seen.map(({ topic, text }) => {
		const whole = topic.startsWith("a/") ? topic : `farpin/greenhouse/${topic}`;
		return openMessage(Buffer.from(text), whole, [reader]).payload.toString();
	});

	it("were there to be betrayed", () => {
		expect(opened.join("\n")).toContain('"id":"1","outcome":"applied"');
		expect(opened.join("\n")).toContain('"outcome":"failed"');
		expect(opened.filter((text) => text.includes('"refused"')).length).toBeGreaterThan(3);
		expect(rig.board.lines.join("\n")).toMatch(/password/i);
		expect(leaksIn([`x${BROKER_PASSWORD}`, Buffer.from(WIFI_PASSWORD).toString("hex")])).toHaveLength(2);
	});

	it("are in no topic and no message, sealed or opened", () => {
		expect(leaksIn(rig.seen.map(({ topic }) => topic))).toEqual([]);
		expect(leaksIn(rig.seen.map(({ text }) => text))).toEqual([]);
		expect(leaksIn(opened)).toEqual([]);
	});

	it("are on no line of the console, and in nothing that the running device tells", () => {
		expect(leaksIn(rig.board.lines)).toEqual([]);
		expect(leaksIn([JSON.stringify(rig.running?.link.lastError ?? ""), JSON.stringify(rig.running?.outbox)])).toEqual(
			[],
		);
	});

	it("leave the device in one packet only, the one in which MQTT wants the password", () => {
		const withPassword = rig.broker.log.filter(({ packet }) => leaksIn([JSON.stringify(packet)]).length > 0);
		for (const { packet, direction } of withPassword) expect([packet.cmd, direction]).toEqual(["connect", "in"]);
	});
});
