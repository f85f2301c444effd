import "../../scripts/pki/reflect.js";
import { createHash, createSign } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { checkChain } from "../../firmware/security/chain.js";
import { HandshakeGate } from "../../firmware/security/handshake-gate.js";
import { Refused } from "../../firmware/security/refused.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { clientHello, Flight } from "./flight.js";
import { type Issued, issue, NOW_MS, pem, root } from "./pki.js";

let trusted: Issued;
let leaf: Issued;
let rsaLeaf: Issued;

beforeAll(async () => {
	trusted = await root({ fromDays: -10_000, untilDays: 10_000 });
	leaf = await issue({ by: trusted, fromDays: -9_000, untilDays: 9_000 });
	rsaLeaf = await issue({ by: trusted, key: "rsa2048", fromDays: -9_000, untilDays: 9_000 });
});

/** A CertificateRequest that names one authority (RFC 5246 §7.4.4). */
const REQUEST = [2, 1, 64, 0, 4, 4, 1, 4, 3, 0, 5, 0, 3, 7, 8, 9];
/** A ChangeCipherSpec. */
const CHANGE = Uint8Array.of(20, 3, 3, 0, 1, 1);

/** What the gate makes of a flight of the server, in pieces of so many bytes. */
function judge(flight: Flight, piece = 1 << 20): string {
	const policy = { host: "broker.test", roots: [trusted.der], pins: [], nowMs: NOW_MS };
	const gate = new HandshakeGate((chain) => checkChain(chain, policy, nodeCrypto).leaf, nodeCrypto);
	gate.sent(clientHello());
	gate.sent(CHANGE);
	const bytes = flight.bytes();
	try {
		for (let at = 0; at < bytes.length; at += piece) {
			const part = bytes.slice(at, at + piece);
			const used = gate.passing ? 0 : gate.feed(part, part.length);
			if (used < part.length) gate.inspect(part.subarray(used), part.length - used);
		}
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		return error.message;
	}
	return gate.passing ? "passing" : `waits, ${gate.output.length} messages handed on`;
}

/** The flight of a server that does everything right. */
function good(): Flight {
	return new Flight().hello().certificates(leaf.der).keyExchange(sign).done();
}

function sign(message: Uint8Array): Uint8Array {
	return new Uint8Array(createSign("SHA256").update(message).sign(keyOf(leaf)));
}

const keyPems = new Map<Issued, string>();
function keyOf(issued: Issued): string {
	return keyPems.get(issued) as string;
}

beforeAll(async () => {
	for (const one of [leaf, rsaLeaf]) keyPems.set(one, (await pem(one)).key);
});

describe("a handshake in the clear", () => {
	it("is the same in every chunking and in every cutting into records", () => {
		for (const piece of [1, 2, 3, 7, 100, 1_436]) expect(judge(good(), piece)).toBe("waits, 4 messages handed on");
		for (const cut of [1, 5, 100])
			expect(judge(good().cutInto(cut), 50)).toContain(cut === 1 ? "too many pieces" : "4 messages");
		expect(judge(good().inOneRecord())).toBe("waits, 4 messages handed on");
		expect(judge(good().record(20, [1]))).toBe("passing");
	});

	it("keeps nothing of the certificate once all is encrypted", () => {
		const policy = { host: "broker.test", roots: [trusted.der], pins: [], nowMs: NOW_MS };
		const gate = new HandshakeGate((chain) => checkChain(chain, policy, nodeCrypto).leaf, nodeCrypto);
		gate.sent(clientHello());
		const flight = good().bytes();
		gate.feed(flight, flight.length);
		expect(gate.leaf?.der).toEqual(leaf.der);
		gate.sent(CHANGE);
		gate.feed(CHANGE, CHANGE.length);
		expect([gate.passing, gate.leaf]).toEqual([true, undefined]);
		gate.sent(Uint8Array.of(22, 3, 3, 0, 1, 0)); // encrypted, and no offer
	});

	it.each<[string, () => Flight, string]>([
		[
			"nothing signed",
			() =>
				new Flight()
					.hello()
					.certificates(leaf.der)
					.keyExchange(() => new Uint8Array(), { algorithm: 0 }),
			"it signed its half of the key exchange in no way that was offered",
		],
		[
			"a digest not offered",
			() => new Flight().hello().certificates(leaf.der).keyExchange(sign, { algorithm: 0x0203 }),
			"it signed its half of the key exchange in no way that was offered",
		],
		[
			"signed by another key",
			() => new Flight().hello().certificates(leaf.der).keyExchange(foreign),
			"its half of the key exchange is not signed with the key of its certificate",
		],
		[
			"signed, and then changed",
			() => new Flight().hello().certificates(leaf.der).keyExchange(sign, { change: true }),
			"not signed with the key",
		],
		[
			"signed for another connection",
			() => new Flight().hello({ random: 9 }).certificates(leaf.der).keyExchange(sign, { random: 8 }),
			"not signed with the key",
		],
		[
			"r = 0",
			() =>
				new Flight()
					.hello()
					.certificates(leaf.der)
					.keyExchange(() => Uint8Array.of(0x30, 6, 2, 1, 0, 2, 1, 1)),
			"not signed with the key",
		],
		[
			"a signature that is none",
			() =>
				new Flight()
					.hello()
					.certificates(leaf.der)
					.keyExchange(() => Uint8Array.of(1, 2, 3)),
			"cannot be read",
		],
		[
			"RSA for a suite with ECDSA",
			() => new Flight().hello().certificates(rsaLeaf.der).keyExchange(sign, { algorithm: 0x0401 }),
			"the kind of its key does not fit the cipher that it chose",
		],
		[
			"another curve",
			() => new Flight().hello().certificates(leaf.der).keyExchange(sign, { curve: 24 }),
			"it chose a curve that was not offered to it",
		],
		[
			"a point beside the curve",
			() =>
				new Flight()
					.hello()
					.certificates(leaf.der)
					.keyExchange(sign, { point: new Uint8Array(65).fill(4) }),
			"its half of the key exchange is not on the curve",
		],
		[
			"no key exchange at all",
			() => new Flight().hello().certificates(leaf.der).done(),
			"it sent a message of its handshake (14) that was not expected",
		],
		[
			"no certificate",
			() => new Flight().hello().keyExchange(sign),
			"it sent a message of its handshake (12) that was not expected",
		],
		["an empty list of certificates", () => new Flight().hello().certificates(), "it sent no certificate"],
		["two hellos", () => new Flight().hello().hello(), "it sent a message of its handshake (2) that was not expected"],
		[
			"encryption before its turn",
			() => new Flight().hello().record(20, [1]),
			"it began to encrypt before it was its turn",
		],
		[
			"encryption in the middle of a message",
			() => new Flight().record(22, [2, 0, 0]).record(20, [1]),
			"it interrupted a message of its handshake",
		],
		["data at once", () => new Flight().record(23, [1, 2, 3]), "it sent data before anything was agreed"],
		["TLS 1.1", () => new Flight().hello({ version: 0x0302 }), "it chose TLS 1.1, and this device speaks TLS 1.2"],
		["TLS 1.0", () => new Flight().hello({ version: 0x0301 }), "it chose TLS 1.0, and this device speaks TLS 1.2"],
		["a weak suite", () => new Flight().hello({ suite: 0x002f }), "it chose a cipher that was not offered to it"],
		["compression", () => new Flight().hello({ compression: 1 }), "it wants to compress, which is not safe"],
		[
			"an extension not offered",
			() => new Flight().hello({ extensions: [0, 15, 0, 1, 1] }),
			"it uses the extension 15, which was not offered to it",
		],
		[
			"an extension twice",
			() => new Flight().hello({ extensions: [0, 11, 0, 2, 1, 0, 0, 11, 0, 2, 1, 0] }),
			"its ServerHello is not valid",
		],
		["a hello that is cut short", () => new Flight().message(2, [3, 3, 1]), "a message of its handshake is cut short"],
		[
			"40 KB of certificates",
			() => new Flight().hello().certificates(...Array<Uint8Array>(8).fill(new Uint8Array(5_000))),
			"its handshake is longer than there is room for",
		],
		[
			"a message of 16 MB",
			() => new Flight().hello().record(22, [11, 255, 255, 255, 0]),
			"its handshake is longer than there is room for",
		],
		["a record that is too long", () => new Flight().raw([22, 3, 3, 0x48, 0x01]), "it sent a record that is too long"],
		["an empty record", () => new Flight().record(22, []), "it sent an empty record"],
		[
			"HTTP",
			() => new Flight().raw(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")),
			"it does not speak TLS at this port",
		],
		["plain MQTT", () => new Flight().raw([0x20, 2, 0, 0, 0, 0, 0]), "it does not speak TLS at this port"],
		["an alert that is none", () => new Flight().record(21, [2, 40, 0]), "it sent an alert that is none"],
		[
			"endless warnings",
			() => Array.from({ length: 300 }).reduce<Flight>((all) => all.record(21, [1, 90]), new Flight()),
			"its handshake is in too many pieces",
		],
		[
			"something behind the end",
			() => new Flight().hello().certificates(leaf.der).keyExchange(sign).message(14, [0]),
			"a message of its handshake has bytes left over",
		],
		[
			"another message after its end",
			() => good().message(4, [0]),
			"it sent a message of its handshake (4) that was not expected",
		],
		[
			"a record in the clear after encryption began",
			() => good().record(20, [1]).record(22, [0]),
			"it sent an empty record",
		],
		["18 KB encrypted", () => good().record(20, [1]).raw([23, 3, 3, 0x48, 0x00]), "it sent a record that is too long"],
	])("%s", (_, flight, reason) => {
		for (const piece of [1 << 20, 1, 11]) expect(judge(flight(), piece)).toContain(reason);
	});

	it("lets nobody begin to encrypt before the client has, whose keys would be none", () => {
		const policy = { host: "broker.test", roots: [trusted.der], pins: [], nowMs: NOW_MS };
		const gate = new HandshakeGate((chain) => checkChain(chain, policy, nodeCrypto).leaf, nodeCrypto);
		gate.sent(clientHello());
		const flight = good().record(20, [1]).bytes();
		expect(() => gate.feed(flight, flight.length)).toThrow("it began to encrypt before it was its turn");
	});

	it("hands on nothing of a message that is refused", () => {
		const policy = { host: "broker.test", roots: [], pins: [], nowMs: NOW_MS };
		const gate = new HandshakeGate((chain) => checkChain(chain, policy, nodeCrypto).leaf, nodeCrypto);
		gate.sent(clientHello());
		const bytes = good().bytes();
		for (let again = 0; again < 2; again++) expect(() => gate.feed(bytes, bytes.length)).toThrow(Refused);
		expect(gate.output).toHaveLength(1); // the hello
	});

	it("goes on with a session that it was offered, and with no other", () => {
		const id = createHash("sha256").update("session").digest();
		expect(judge(new Flight().hello({ sessionId: id }).record(20, [1]))).toBe(
			"it began to encrypt before it was its turn",
		);
		const gate = new HandshakeGate(() => expect.unreachable(), nodeCrypto);
		gate.sent(clientHello(id));
		const bytes = new Flight().hello({ sessionId: id }).record(20, [1]).bytes();
		gate.feed(bytes, bytes.length);
		expect([gate.passing, gate.output.length, gate.leaf]).toEqual([true, 2, undefined]);
	});

	it("never throws anything but a refusal, whatever is changed, and holds no more than its limit", () => {
		const rounds = Number(process.env.FUZZ_ROUNDS ?? 3_000);
		const asking = new Flight().hello().certificates(leaf.der).keyExchange(sign).message(13, REQUEST).done();
		const flights = [good(), asking].map((flight) => flight.record(20, [1]).bytes());
		let state = 7;
		const random = (below: number) => {
			state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
			return Math.floor((state / 2 ** 32) * below);
		};
		const policy = { host: "broker.test", roots: [trusted.der], pins: [], nowMs: NOW_MS };
		for (let round = 0; round < rounds; round++) {
			const bytes = flights[round % 2] as Uint8Array;
			const changed = bytes.slice(0, bytes.length - random(3) * random(200));
			for (let n = random(4); n >= 0; n--) changed[random(changed.length)] = random(256);
			const gate = new HandshakeGate((chain) => checkChain(chain, policy, nodeCrypto).leaf, nodeCrypto);
			gate.sent(clientHello());
			gate.sent(CHANGE);
			try {
				gate.feed(changed, changed.length);
			} catch (error) {
				expect(error).toBeInstanceOf(Refused);
			}
			expect(gate.output.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(20_000);
		}
	});
});

function foreign(message: Uint8Array): Uint8Array {
	return new Uint8Array(createSign("SHA256").update(message).sign(foreignKey));
}

let foreignKey: string;
beforeAll(async () => {
	foreignKey = (await pem(await issue({ by: trusted }))).key;
});
