import fc from "fast-check";
import { expect, test } from "vitest";
import { packetEnd, readConnect } from "../../scripts/page-server/connect-packet.js";

interface Fields {
	readonly clientId: string;
	readonly keepalive: number;
	readonly username?: string | undefined;
	readonly password?: string | undefined;
	readonly will?: { readonly topic: string; readonly payload: string; readonly qos: number; readonly retain: boolean };
}

/** A CONNECT put together as section 3.1 of MQTT 3.1.1 says. */
function packetOf({ clientId, keepalive, username, password, will }: Fields): Buffer {
	const fields = [clientId];
	let flags = 0x02; // clean session
	if (will !== undefined) {
		flags += 0x04 + will.qos * 0x08 + (will.retain ? 0x20 : 0);
		fields.push(will.topic, will.payload);
	}
	if (username !== undefined) {
		flags += 0x80;
		fields.push(username);
	}
	if (password !== undefined) {
		flags += 0x40;
		fields.push(password);
	}
	const payload = fields.flatMap((text) => {
		const bytes = [...Buffer.from(text)];
		return [bytes.length >> 8, bytes.length & 0xff, ...bytes];
	});
	const body = [0, 4, 0x4d, 0x51, 0x54, 0x54, 4, flags, keepalive >> 8, keepalive & 0xff, ...payload];
	const length = body.length < 128 ? [body.length] : [(body.length % 128) + 128, Math.floor(body.length / 128)];
	return Buffer.from([0x10, ...length, ...body]);
}

const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
const connect = fc.record(
	{
		clientId: word,
		keepalive: fc.integer({ min: 0, max: 65_535 }),
		username: word,
		password: word,
		will: fc.record({ topic: word, payload: word, qos: fc.constantFrom(0, 1, 2), retain: fc.boolean() }),
	},
	{ requiredKeys: ["clientId", "keepalive"] },
);

test("replaces the credentials of a CONNECT and nothing else", () => {
	fc.assert(
		fc.property(
			connect,
			fc.option(word, { nil: undefined }),
			fc.option(word, { nil: undefined }),
			(one, username, password) => {
				const fields = one.username === undefined ? { ...one, password: undefined } : one;
				const read = readConnect(packetOf(fields));
				expect([read?.username, read?.password]).toEqual([fields.username, fields.password]);
				// MQTT 3.1.1 has no password without a user name.
				const wanted = packetOf({ ...fields, username, password: username === undefined ? undefined : password });
				expect(read?.with({ username, password })).toEqual(wanted);
			},
		),
	);
});

test("reads nothing from bytes that are no CONNECT of MQTT 3.1.1", () => {
	const good = packetOf({ clientId: "c", keepalive: 1, username: "u", password: "p" });
	for (let cut = 0; cut < good.length; cut++) expect(readConnect(good.subarray(0, cut))).toBeUndefined();
	fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void readConnect(Buffer.from(bytes))));
	expect(readConnect(Buffer.from([0xc0, 0]))).toBeUndefined(); // PINGREQ
});

test("knows where a packet ends", () => {
	const whole = packetOf({ clientId: "c".repeat(300), keepalive: 1 });
	expect(packetEnd(whole)).toBe(whole.length);
	expect(packetEnd(Buffer.concat([whole, Buffer.from("more")]))).toBe(whole.length);
	expect(packetEnd(whole.subarray(0, 2))).toBeUndefined();
	expect(packetEnd(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff]))).toBe("broken");
});
