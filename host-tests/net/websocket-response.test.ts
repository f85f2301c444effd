import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ResponseReader } from "../../firmware/net/websocket-response.js";
import { CHUNKINGS, cut, cutAt } from "../mqtt/chunkings.js";

const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const GOOD = [
	"HTTP/1.1 101 Switching Protocols",
	"Upgrade: websocket",
	"Connection: Upgrade",
	`Sec-WebSocket-Accept: ${ACCEPT}`,
	"Sec-WebSocket-Protocol: mqtt",
];

interface Verdict {
	readonly done: boolean;
	readonly refusal: string | undefined;
	/** Bytes that belonged to the response. */
	readonly taken: number;
	readonly ended: string;
}

function judge(chunks: readonly Uint8Array[]): Verdict {
	const reader = new ResponseReader(ACCEPT, "/mqtt");
	let taken = 0;
	for (const chunk of chunks) {
		if (reader.done || reader.refusal !== undefined) break;
		taken += reader.take(Uint8Array.from([...chunk, 0xbb]), chunk.length);
	}
	return { done: reader.done, refusal: reader.refusal, taken, ended: reader.ended("it broke") };
}

/** The same in every chunking. */
function verdict(text: string): Verdict {
	const bytes = new Uint8Array(Buffer.from(text, "latin1"));
	const [first, ...others] = CHUNKINGS.map((chunking) => judge(cut(bytes, chunking)));
	for (const other of others) expect(other).toEqual(first);
	return first as Verdict;
}

const lines = (...all: string[]): string => `${all.join("\r\n")}\r\n\r\n`;
/** The good answer with the header that begins like this put in place of the one it has, or left out. */
const but = (header: string, put?: string): string =>
	lines(...GOOD.flatMap((line) => (line.startsWith(header) ? (put === undefined ? [] : [put]) : [line])));
const refusal = (text: string): string | undefined => verdict(text).refusal;

describe("ResponseReader", () => {
	it("takes the answer of a server that speaks MQTT, and not a byte more", () => {
		const text = lines(...GOOD);
		expect(verdict(`${text}\x82\x02`)).toMatchObject({ done: true, refusal: undefined, taken: text.length });
	});

	it.each([
		[
			"other letters",
			lines(
				"HTTP/1.1 101 ",
				"UPGRADE:WebSocket",
				"connection: keep-alive, upgrade",
				`sec-websocket-accept:\t${ACCEPT} `,
				"SEC-WEBSOCKET-PROTOCOL: mqtt",
			),
		],
		[
			"another order, and headers of its own",
			lines(GOOD[0] as string, ...GOOD.slice(1).reverse(), "Server: x", `Set-Cookie: ${"y".repeat(3_000)}`),
		],
		["bare line feeds (RFC 9112 §2.2)", lines(...GOOD).replaceAll("\r", "")],
		["an empty list of extensions", lines(...GOOD, "Sec-WebSocket-Extensions:")],
		[
			"Connection in two lines",
			lines(...GOOD.filter((line) => !line.startsWith("Conn")), "Connection: keep-alive", "Connection: Upgrade"),
		],
	])("takes %s", (_what, text) => {
		expect(verdict(text)).toMatchObject({ done: true, refusal: undefined });
	});

	it.each([
		["no Upgrade", but("Upgrade:"), /switches to something that is not WebSocket/],
		["another Upgrade", but("Upgrade:", "Upgrade: h2c"), /switches to something that is not WebSocket/],
		["no Connection", but("Connection:"), /switches to something that is not WebSocket/],
		["another Connection", but("Connection:", "Connection: keep-alive"), /switches to something that is not WebSocket/],
		["no Accept", but("Sec-WebSocket-Accept"), /was not made for this connection/],
		[
			"an Accept for somebody else",
			but("Sec-WebSocket-Accept", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOO="),
			/was not made for this connection/,
		],
		[
			"an Accept in small letters",
			but("Sec-WebSocket-Accept", `Sec-WebSocket-Accept: ${ACCEPT.toLowerCase()}`),
			/was not made for this connection/,
		],
		["two Accepts (§11.3.3)", lines(...GOOD, `Sec-WebSocket-Accept: ${ACCEPT}`), /was not made for this connection/],
		["no subprotocol [MQTT-6.0.0-4]", but("Sec-WebSocket-Protocol"), /does not speak MQTT there/],
		["another subprotocol", but("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: chat"), /does not speak MQTT there/],
		[
			"the subprotocol in capitals (RFC 6455 §4.1: case-sensitive)",
			but("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: MQTT"),
			/does not speak MQTT there/,
		],
		[
			"an extension",
			lines(...GOOD, "Sec-WebSocket-Extensions: permessage-deflate"),
			/uses an extension that nobody asked for/,
		],
		["a line without a colon", lines(...GOOD, "nonsense"), /has a line that cannot be read/],
		["a folded line (RFC 9112 §5.2)", lines(...GOOD, " more"), /has a line that cannot be read/],
		["a name with a blank", lines(...GOOD, "Upgrade : websocket"), /has a line that cannot be read/],
		[
			"an Accept that never ends",
			but("Sec-WebSocket-Accept", `Sec-WebSocket-Accept: ${" ".repeat(400)}${ACCEPT}`),
			/has a line that cannot be read/,
		],
		["9 kB of headers", lines(...GOOD, ...Array(40).fill(`X: ${"y".repeat(220)}`)), /answer is too long/],
		["an endless line", "H".repeat(9_000), /answer is too long/],
		["MQTT", "\x20\x02\x00\x05\n", /does not speak HTTP at this port/],
		["SSH", "SSH-2.0-OpenSSH_9.2p1\r\n", /does not speak HTTP at this port/],
		["a status of letters", "HTTP/1.1 abc\r\n", /does not speak HTTP at this port/],
		["a status of four digits", "HTTP/1.1 1010\r\n", /does not speak HTTP at this port/],
		["a status below 100", "HTTP/1.1 007 Bond\r\n", /does not speak HTTP at this port/],
	])("refuses %s", (_what, text, expected) => {
		const { refusal: why, done } = verdict(text);
		expect(done).toBe(false);
		expect(why).toMatch(/^WebSocket refused: /);
		expect(why).toMatch(expected);
	});

	it.each([
		["404 Not Found", "there is nothing at the path /mqtt, most brokers use /mqtt (404)"],
		["401 Unauthorized", "the server wants to know who asks before it opens the WebSocket (401)"],
		["200 OK", "there is an ordinary web page at the path /mqtt (200)"],
		["503", "the server, or something in front of it, is out of order (503)"],
	])("says in plain words what %s means, before the rest of the page", (status, words) => {
		expect(refusal(`HTTP/1.1 ${status}\r\n`)).toBe(`WebSocket refused: ${words}`);
	});

	it("says where a redirect leads", () => {
		const words = "WebSocket refused: the server sends us elsewhere, write that address into the settings (301)";
		expect(refusal(lines("HTTP/1.1 301 Moved", "Server: x", "Location: wss://else.example/mqtt"))).toBe(
			`${words}: wss://else.example/mqtt`,
		);
		expect(refusal(lines("HTTP/1.1 301 Moved", "Location: wss://\x1b[2Jx"))).toBe(`${words}: wss://?[2Jx`);
		expect(refusal(lines("HTTP/1.1 301 Moved", "Server: x"))).toBe(words);
		expect(verdict("HTTP/1.1 301 Moved\r\nSer").ended).toBe(words);
	});

	it("says what is missing when the connection ends before the answer does", () => {
		expect(verdict("").ended).toBe("WebSocket refused: no complete answer, it broke");
		expect(verdict("HTTP/1.1 101 Switching\r\nUpg").ended).toBe("WebSocket refused: no complete answer, it broke");
	});

	it("gives the same for any bytes in any chunking, and reads no more than its limit", () => {
		const good = lines(...GOOD);
		const mutated = fc
			.array(fc.tuple(fc.nat(good.length), fc.nat(255), fc.constantFrom("put", "cut", "add")), { maxLength: 4 })
			.map((changes) => {
				const bytes = [...Buffer.from(good)];
				for (const [at, byte, what] of changes)
					bytes.splice(at, what === "add" ? 0 : 1, ...(what === "cut" ? [] : [byte]));
				return Uint8Array.from(bytes);
			});
		const noise = fc.oneof(mutated, fc.uint8Array({ maxLength: 600 }));
		let opened = 0;
		fc.assert(
			fc.property(noise, fc.array(fc.nat(600)), (bytes, places) => {
				const whole = judge([bytes]);
				expect(judge(cutAt(bytes, places))).toEqual(whole);
				expect(whole.taken).toBeLessThanOrEqual(bytes.length);
				if (whole.done) opened++;
			}),
			{ numRuns: Number(process.env.FUZZ_ROUNDS ?? 2_000), seed: 6455 },
		);
		expect(opened).toBeGreaterThan(100); // what was not changed, or where it does not matter
		const flood = new Uint8Array(100_000).fill(0x0d);
		expect(judge([flood]).taken).toBeLessThan(8_200);
	});
});
