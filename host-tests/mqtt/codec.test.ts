import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { decode, encode } from "../../firmware/mqtt/codec.js";
import type { Packet, PacketOut } from "../../firmware/mqtt/packet.js";
import { useText } from "../../firmware/mqtt/standins/text.js";
import { hex, nodeText, toHex } from "./bench.js";
import { type BundledCodec, bundleCodec } from "./bundle-codec.js";
import { clientPacket, serverPacket } from "./packets.js";
import { reference } from "./reference.js";

let bundled: BundledCodec;
let code: string;

beforeAll(async () => {
	useText(nodeText);
	({ codec: bundled, code } = await bundleCodec());
	bundled.useText(nodeText);
});

function bytesOf(codec: Pick<BundledCodec, "encode">, packet: PacketOut, version: 4 | 5): string {
	const into = new Uint8Array(4_096);
	const count = codec.encode(packet, into, version);
	return count < 0 ? "refused" : toHex(into.subarray(0, count));
}

/** Without the classes of the two Buffers. */
function plain(packet: Packet | undefined): unknown {
	return JSON.parse(
		JSON.stringify(packet ?? null, (_, value) =>
			ArrayBuffer.isView(value)
				? [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]
				: value?.type === "Buffer"
					? value.data
					: value,
		),
	);
}

for (const version of [4, 5] as const)
	describe(`the codec, MQTT ${version}`, () => {
		it("writes what mqtt-packet's own generate() writes, with the real Buffer and with the stand-ins", () => {
			fc.assert(
				fc.property(fc.oneof(clientPacket(version), serverPacket(version)), (packet) => {
					const expected = toHex(reference(packet, version));
					expect(bytesOf({ encode }, packet, version)).toBe(expected);
					expect(bytesOf(bundled, packet, version)).toBe(expected);
				}),
				{ numRuns: 500 },
			);
		});

		it("reads the same with the real Buffer and with the stand-ins", () => {
			fc.assert(
				fc.property(fc.oneof(clientPacket(version), serverPacket(version)), (packet) => {
					const bytes = reference(packet, version);
					const real = plain(decode(bytes, 0, bytes.length, version));
					expect(real).not.toBeNull();
					expect(plain(bundled.decode(new Uint8Array(bytes), 0, bytes.length, version))).toEqual(real);
				}),
				{ numRuns: 500 },
			);
		});
	});

describe("the codec", () => {
	it("says that a packet does not fit, and leaves the rest of the world alone", () => {
		const packet = { cmd: "publish", topic: "topic", payload: "payload" };
		for (let size = 0; size < 16; size++) {
			expect(encode(packet, new Uint8Array(size), 4)).toBe(size < 16 ? -1 : 16);
			expect(bundled.encode(packet, new Uint8Array(size), 4)).toBe(-1);
		}
		expect(encode(packet, new Uint8Array(17), 4)).toBe(16);
		expect(bundled.encode(packet, new Uint8Array(20), 4)).toBe(16);
	});

	it("does not write what mqtt-packet refuses or throws at", () => {
		expect(encode({ cmd: "publish" }, new Uint8Array(64), 5)).toBe(-1);
		expect(encode({ cmd: "nonsense" }, new Uint8Array(64), 5)).toBe(-1);
		expect(encode({ cmd: "puback" }, new Uint8Array(64), 5)).toBe(-1);
		expect(
			encode({ cmd: "connect", will: { topic: "", payload: "", qos: 0, retain: false } }, new Uint8Array(64), 5),
		).toBe(-1);
	});

	it("reads exactly one packet", () => {
		const ping = hex("d0 00");
		expect(decode(ping, 0, 2, 4)?.cmd).toBe("pingresp");
		expect(decode(hex("d0 00 d0"), 0, 3, 4)).toBeUndefined();
		expect(decode(hex("40 02 00"), 0, 3, 4)).toBeUndefined();
		expect(decode(hex("d1 00"), 0, 2, 4)).toBeUndefined();
		expect(decode(ping, 0, 2, 4)?.cmd).toBe("pingresp"); // a fault leaves nothing behind
	});

	it("makes no property name of what a server sends", () => {
		const bytes = hex('20 18 00 00 15 26 00 01 "k" 00 01 "v" 26 00 09 "__proto__" 00 00');
		for (const read of [decode, bundled.decode]) {
			const packet = read(bytes, 0, bytes.length, 5);
			expect(Object.keys(packet?.properties?.userProperties ?? {})).toEqual(["pairs"]);
			expect(packet?.properties?.userProperties).toMatchObject({
				pairs: [
					{ name: "k", value: "v" },
					{ name: "__proto__", value: "" },
				],
			});
		}
	});

	it("brings none of Node into the bundle", () => {
		expect(code).not.toMatch(/\bprocess\.|require\(|from ["']/);
		expect(code.length).toBeLessThan(80_000);
	});
});
