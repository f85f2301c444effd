import { describe, expect, it } from "vitest";
import { checkChain } from "../../firmware/security/chain.js";
import { HandshakeGate } from "../../firmware/security/handshake-gate.js";
import { readServerHello } from "../../firmware/security/tls-hello.js";
import { readOffer } from "../../firmware/security/tls-offer.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { clientHello, Flight } from "./flight.js";

/** max_fragment_length (RFC 6066 §4) of 4,096 bytes. */
const FRAGMENT = [0, 1, 0, 1, 4];
const SESSION = new Uint8Array(32).fill(7);

function helloWith(extensions: readonly number[], offered: readonly number[] = FRAGMENT) {
	const record = new Flight().hello({ extensions }).bytes();
	return readServerHello(record.subarray(9), readOffer(clientHello(undefined, offered)));
}

describe("the size of records", () => {
	it("is the one that was asked for, where the server agrees, and the usual one where it does not", () => {
		expect(helloWith(FRAGMENT).fragmentBytes).toBe(4_096);
		expect(helloWith([0, 1, 0, 1, 1], [0, 1, 0, 1, 1]).fragmentBytes).toBe(512);
		expect(helloWith([]).fragmentBytes).toBe(16_384);
	});

	it.each([
		["another", [0, 1, 0, 1, 3]],
		["none", [0, 1, 0, 1, 0]],
		["two", [0, 1, 0, 2, 4, 4]],
	])("is refused where the server answers with %s", (_, extension) => {
		expect(() => helloWith(extension)).toThrow("records of another size than was offered");
	});

	it("is refused where nobody asked for it, or without any", () => {
		expect(() => helloWith(FRAGMENT, [])).toThrow("the extension 1, which was not offered to it");
		expect(() => helloWith([0, 1, 0, 0])).toThrow("cut short");
	});

	/** What the gate says of an encrypted record of this size, after a server that goes on with a session. */
	function judge(extensions: readonly number[], size: number): string {
		const policy = { host: "broker.test", roots: [], pins: [], nowMs: 0 };
		const gate = new HandshakeGate((chain) => checkChain(chain, policy, nodeCrypto).leaf, nodeCrypto);
		gate.sent(clientHello(SESSION, FRAGMENT));
		const flight = new Flight().hello({ sessionId: SESSION, extensions }).record(20, [1]).bytes();
		gate.feed(flight, flight.length);
		const record = Uint8Array.of(23, 3, 3, size >> 8, size & 255);
		try {
			gate.inspect(record, record.length);
			return "passes";
		} catch (error) {
			return (error as Error).message;
		}
	}

	it("is held to from then on", () => {
		expect([judge(FRAGMENT, 4_120), judge(FRAGMENT, 4_352)]).toEqual(["passes", "passes"]);
		expect(judge(FRAGMENT, 4_353)).toBe("it sent a record that is too long");
		expect([judge([], 16_640), judge([], 16_641)]).toEqual(["passes", "it sent a record that is too long"]);
	});
});
