import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode } from "../../firmware/mqtt/codec.js";
import { NOTHING } from "../../firmware/mqtt/lent-properties.js";
import { Shape } from "../../firmware/mqtt/shape.js";
import { useText } from "../../firmware/mqtt/standins/text.js";
import { hex, nodeText, toHex } from "./bench.js";
import { serverPacket } from "./packets.js";
import { reference } from "./reference.js";

useText(nodeText);

const text = (bytes: Uint8Array, at: number, end: number) => nodeText.decode(bytes, at, end);

function isAck({ cmd }: { readonly cmd: string }): boolean {
	return ["puback", "pubrec", "pubrel", "pubcomp"].includes(cmd);
}

for (const version of [4, 5] as const)
	describe(`the shape of packets, MQTT ${version}`, () => {
		it("says of every good packet what mqtt-packet says", () => {
			const shape = new Shape();
			fc.assert(
				fc.property(serverPacket(version), fc.nat(5), (packet, before) => {
					fc.pre(!(packet.cmd === "connack" && packet.sessionPresent && packet.reasonCode));
					const alone = reference(packet, version);
					const bytes = Uint8Array.from([...new Uint8Array(before).fill(0xff), ...alone, 0xff, 0xff]);
					const end = before + alone.length;
					expect(shape.read(bytes, before, end, version), shape.fault?.reason).toBe(true);
					const read = decode(bytes, before, end, version);
					expect(shape.id).toBe(read?.messageId ?? 0);
					if (packet.cmd === "publish") {
						expect(text(bytes, shape.topicAt, shape.topicEnd)).toBe(read?.topic);
						expect(toHex(bytes.subarray(shape.bodyAt, shape.end))).toBe(toHex(read?.payload ?? NOTHING));
						expect((shape.flags >> 1) & 3).toBe(read?.qos);
						expect((shape.flags & 1) !== 0).toBe(read?.retain);
						expect((shape.flags & 8) !== 0).toBe(read?.dup);
						expect(shape.text(8, nodeText)).toBe(read?.properties?.responseTopic);
						const correlation = shape.data(9);
						const data = read?.properties?.correlationData;
						expect(correlation && toHex(correlation)).toBe(data && toHex(data));
					} else if (packet.cmd === "suback") {
						expect([...bytes.subarray(shape.bodyAt, shape.end)]).toEqual(read?.granted);
					} else expect(shape.code).toBe(read?.reasonCode ?? read?.returnCode ?? 0);
				}),
				{ numRuns: 2_000 },
			);
		});

		it("refuses every good packet that is cut short or has a byte more, unless that is payload or a code", () => {
			const shape = new Shape();
			fc.assert(
				fc.property(serverPacket(version), (packet) => {
					fc.pre(packet.cmd !== "publish" && packet.cmd !== "suback");
					const body = [...reference(packet, version)];
					fc.pre(body.length < 100);
					const longer = Uint8Array.from([body[0] as number, (body[1] as number) + 1, ...body.slice(2), 0]);
					// An acknowledgement without code gets one, and a code gets properties: that is right.
					const grows = version === 5 && (isAck(packet) || (packet.cmd === "disconnect" && body.length <= 3));
					if (!grows) expect(shape.read(longer, 0, longer.length, version)).toBe(false);
					if (body.length <= 2 || (version === 5 && packet.cmd === "disconnect")) return;
					const length = (body[1] as number) - 1;
					const shorter = Uint8Array.from([body[0] as number, length, ...body.slice(2, -1)]);
					const still = version === 5 && isAck(packet) && length !== 1;
					if (!still) expect(shape.read(shorter, 0, shorter.length, version)).toBe(false);
				}),
				{ numRuns: 1_000 },
			);
		});
	});

it("never throws, loops or looks past the packet, whatever the bytes", () => {
	const shape = new Shape();
	fc.assert(
		fc.property(
			fc.constantFrom(2, 3, 4, 5, 6, 7, 9, 11, 13, 14),
			fc.nat(15),
			fc.uint8Array({ maxLength: 60 }),
			(type, flags, body) => {
				const bytes = Uint8Array.from([(type << 4) | flags, body.length, ...body]);
				const followed = Uint8Array.from([...bytes, 0x40, 0x02, 0x00, 0x01, 0x00, 0x00]);
				for (const version of [4, 5] as const) {
					const alone = shape.read(bytes, 0, bytes.length, version);
					const reason = shape.fault?.reason;
					expect(shape.read(followed, 0, bytes.length, version)).toBe(alone);
					expect(shape.fault?.reason).toBe(reason);
					expect(reason === undefined).toBe(alone);
				}
			},
		),
		{ numRuns: 5_000 },
	);
});

it("lets go of the bytes", () => {
	const shape = new Shape();
	const bytes = hex("d0 00");
	shape.read(bytes, 0, 2, 5);
	expect(shape.bytes).toBe(bytes);
	shape.release();
	expect(shape.bytes).toBe(NOTHING);
});
