import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RangeResponse } from "../../firmware/net/range-response.js";

const ASKED = { first: 10, count: 5, total: 20 };
const HEAD = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 10-14/20\r\nContent-Length: 5\r\n";
const GOOD = `${HEAD}\r\nhello`;

function read(answer: string | Uint8Array, chunk = Number.POSITIVE_INFINITY) {
	const bytes = typeof answer === "string" ? Buffer.from(answer, "latin1") : answer;
	const body = new Uint8Array(5);
	const response = new RangeResponse(ASKED, body);
	for (let at = 0; at < bytes.length; at += chunk) {
		const part = bytes.subarray(at, Math.min(bytes.length, at + chunk));
		response.take(part, part.length);
	}
	const { done, refusal, keepsOpen } = response;
	return { done: done && refusal === undefined, refusal, keepsOpen, body: Buffer.from(body).toString("latin1") };
}

describe("the answer to a request for a range", () => {
	it.each([
		["as servers give it", GOOD, true],
		["with other headers, short and long", `${HEAD}Date: today\r\nX: ${"y".repeat(900)}\r\nEmpty:\r\n\r\nhello`, true],
		["in capitals and with blanks", GOOD.replace("Content-Range:", "CONTENT-RANGE: \t").replace("5\r", "5 \t\r"), true],
		["without a reason", GOOD.replace(" Partial Content", ""), true],
		["with the encoding that it has anyway", `${HEAD}Content-Encoding: identity\r\n\r\nhello`, true],
		["with a connection that ends", `${HEAD}Connection: Keep-Alive, Close\r\n\r\nhello`, false],
		["of an old server", GOOD.replace("1.1", "1.0"), false],
	])("is taken %s, in every chunking", (_, answer, keepsOpen) => {
		for (const chunk of [1, 2, 7, 1_000])
			expect(read(answer, chunk)).toEqual({ done: true, refusal: undefined, keepsOpen, body: "hello" });
	});

	it.each([
		["no HTTP", "SSH-2.0-OpenSSH\r\n", /does not speak HTTP/],
		["HTTP/2", "HTTP/2 206\r\n\r\n", /does not speak HTTP/],
		["a status of letters", "HTTP/1.1 2o6 OK\r\n", /does not speak HTTP/],
		["a status of four digits", "HTTP/1.1 2060\r\n", /does not speak HTTP/],
		["lines that end with LF", GOOD.replaceAll("\r\n", "\n"), /cannot be read/],
		["a CR inside a line", GOOD.replace("Content-Length: 5", "Content-Length: 5\rX: y"), /cannot be read/],
		["a line that is continued", GOOD.replace("Content-Length: 5", "Content-Length:\r\n 5"), /another size/],
		["a header without a name", `${HEAD}: x\r\n\r\nhello`, /cannot be read/],
		["a header without a colon", `${HEAD}x\r\n\r\nhello`, /cannot be read/],
		["a blank before the colon", GOOD.replace("Content-Length:", "Content-Length :"), /cannot be read/],
		["a zero byte", GOOD.replace("Partial", "Par\0tial"), /cannot be read/],
		["the length twice", GOOD.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\n"), /cannot be read/],
		["two lengths", GOOD.replace("\r\n\r\n", "\r\nContent-Length: 50\r\n\r\n"), /another size/],
		["another part", GOOD.replace("10-14", "11-15"), /another part/],
		["the range of another file", GOOD.replace("/20", "/21"), /another size/],
		["a file of unknown size", GOOD.replace("/20", "/*"), /another size/],
		["more", GOOD.replace("Length: 5", "Length: 6"), /another size/],
		["a length in another way of writing", GOOD.replace("Length: 5", "Length: 05"), /another size/],
		["no length", GOOD.replace("Content-Length: 5\r\n", ""), /which part/],
		["no range", GOOD.replace("Content-Range: bytes 10-14/20\r\n", ""), /which part/],
		["chunks", GOOD.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n"), /encoding/],
		["something packed", GOOD.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n"), /encoding/],
		["more than it says", `${GOOD}!`, /more than it was asked for/],
		["headers without end", `${HEAD}${"X: y\r\n".repeat(800)}`, /too long/],
		["a line without end", `${HEAD}X: ${"y".repeat(5_000)}`, /too long/],
		["the whole file", "HTTP/1.1 200 OK\r\n\r\n", /ranges are needed/],
		["elsewhere", "HTTP/1.1 308 Permanent Redirect\r\n\r\n", /elsewhere \(308\)/],
		["nothing for us", "HTTP/1.1 403 Forbidden\r\n\r\n", /does not let this device/],
		["no file", "HTTP/1.1 404 Not Found\r\n\r\n", /no such file/],
		["a shorter file", "HTTP/1.1 416 Range Not Satisfiable\r\n\r\n", /shorter/],
		["too often", "HTTP/1.1 429 Too Many Requests\r\n\r\n", /too often/],
		["an error", "HTTP/1.1 503 Service Unavailable\r\n\r\n", /out of order \(503\)/],
		["something in between", "HTTP/1.1 100 Continue\r\n\r\n", /of no use \(100\)/],
	])("is refused: %s, with the same sentence in every chunking", (_, answer, why) => {
		const { refusal, done } = read(answer);
		expect([done, refusal]).toEqual([false, expect.stringMatching(why)]);
		expect(read(answer, 1).refusal).toBe(refusal);
	});

	it("is nothing yet as long as a byte is missing", () => {
		for (let end = 0; end < GOOD.length; end++)
			expect(read(GOOD.slice(0, end))).toMatchObject({ done: false, refusal: undefined });
	});

	it("never throws, and is only taken for what was asked for", () => {
		const pieces = fc.oneof(
			fc.constantFrom(...GOOD.split(/(?<=\r\n)/), "\r\n", "\n", "Content-Length: 5\r\n", "hello", ":", " "),
			fc.string({ unit: "binary-ascii", maxLength: 12 }),
		);
		fc.assert(
			fc.property(fc.array(pieces, { maxLength: 10 }), fc.integer({ min: 1, max: 40 }), (parts, chunk) => {
				const answer = parts.join("");
				const whole = read(answer);
				expect(read(answer, chunk)).toEqual(whole);
				if (whole.done) expect(answer).toMatch(/^HTTP\/1\.. 206.*bytes 10-14\/20.*\r\n\r\n.{5}$/s);
			}),
			{ numRuns: 5_000 },
		);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void read(bytes, 3)),
			{ numRuns: 3_000 },
		);
	});
});
