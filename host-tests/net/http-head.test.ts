import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HeadReader, type HeadRules } from "../../firmware/net/http-head.js";
import { CHUNKINGS, cut, cutAt } from "../mqtt/chunkings.js";

const STRICT: HeadRules = { lineMax: 32, headMax: 200, strict: true };
const LENIENT: HeadRules = { ...STRICT, strict: false };

/** Notes what it is told of, and ends it where a header is called `end`. */
class Notes extends HeadReader {
	readonly seen: string[] = [];
	/** Bytes that belonged to the head. */
	taken = 0;

	take(bytes: Uint8Array): void {
		this.taken += this.readHead(Uint8Array.from([0xbb, ...bytes, 0xbb]), 1, bytes.length + 1) - 1;
	}

	get isOver(): boolean {
		return this.complete || this.refusal !== undefined;
	}

	get result() {
		return { seen: this.seen, complete: this.complete, refusal: this.refusal, taken: this.taken };
	}

	protected onStatus(): string | undefined {
		this.seen.push(String(this.status));
		return this.status === 999 ? "its status" : undefined;
	}

	protected onHeader(colon: number, from: number, to: number): string | undefined {
		const text = (start: number, end: number) => Buffer.from(this.line.slice(start, end)).toString("latin1");
		this.seen.push(`${text(0, colon)}=${text(from, to)}${this.cut ? "..." : ""}`);
		return text(0, colon) === "end" ? "its end" : undefined;
	}

	protected onEnd(): string | undefined {
		return this.seen.includes("last=no") ? "it has no last" : undefined;
	}

	protected override words(fault: string): string {
		return `refused: ${fault}`;
	}
}

function read(rules: HeadRules, chunks: readonly Uint8Array[]) {
	const notes = new Notes(rules);
	for (const chunk of chunks) if (!notes.isOver) notes.take(chunk);
	return notes.result;
}

/** The same in every chunking. */
function head(text: string, rules = STRICT) {
	const bytes = new Uint8Array(Buffer.from(text, "latin1"));
	const [first, ...others] = CHUNKINGS.map((chunking) => read(rules, cut(bytes, chunking)));
	for (const other of others) expect(other).toEqual(first);
	return first as ReturnType<typeof read>;
}

const UNREADABLE = "refused: the server's answer has a line that cannot be read";
const NO_HTTP = "refused: the other side does not speak HTTP at this port";
const OK = "HTTP/1.1 200 OK\r\n";

describe("the head of an HTTP answer", () => {
	it("is told line by line, and nothing behind it is touched", () => {
		const text = `${OK}Name:value\r\nOTHER: \t a b\t \r\nEmpty:\r\n\r\n`;
		const seen = ["200", "name=value", "other=a b", "empty="];
		expect(head(`${text}body`)).toEqual({ seen, complete: true, refusal: undefined, taken: text.length });
		expect(head(text.slice(0, -1))).toMatchObject({ seen, complete: false, refusal: undefined });
	});

	it("ends where whoever reads it says so", () => {
		expect(head("HTTP/1.1 999\r\nA: b\r\n")).toMatchObject({ seen: ["999"], refusal: "its status", taken: 14 });
		expect(head(`${OK}End: x\r\nA: b\r\n\r\n`)).toMatchObject({ seen: ["200", "end=x"], refusal: "its end" });
		expect(head(`${OK}Last: no\r\n\r\n`)).toMatchObject({ complete: false, refusal: "it has no last" });
	});

	it("has its limits, to the byte", () => {
		const line = `X: ${"y".repeat(STRICT.lineMax - 4)}`; // and its CR
		expect(head(`${OK}${line}\r\n\r\n`).seen[1]).toBe(`x=${"y".repeat(STRICT.lineMax - 4)}`);
		expect(head(`${OK}${line}z\r\n\r\n`).seen[1]).toBe(`x=${"y".repeat(STRICT.lineMax - 4)}z...`);
		expect(head(`${OK}X: ${"y".repeat(100)}\r\nNext: 1\r\n\r\n`)).toMatchObject({ complete: true });
		expect(head(`${OK}${"n".repeat(STRICT.lineMax)}: x\r\n`).refusal).toBe(UNREADABLE);
		const most = `${OK}${"A: b\r\n".repeat(30)}A:\r\n`.slice(0, STRICT.headMax - 2);
		const padded = `${OK}X: ${"y".repeat(STRICT.headMax - OK.length - 7)}\r\n\r\n`;
		expect(padded).toHaveLength(STRICT.headMax);
		expect(head(padded)).toMatchObject({ complete: true, taken: STRICT.headMax });
		for (const more of [padded.replace("X", "XX"), `${most}${"A: b\r\n".repeat(9)}`, "H".repeat(900)]) {
			expect(head(more, LENIENT)).toMatchObject({ complete: false, taken: STRICT.headMax + 1 });
			expect(head(more).refusal).toBe("refused: the head of the server's answer is too long");
		}
	});

	it.each([
		["nothing", "\r\n"],
		["no version", "HTTP/ 200 OK\r\n"],
		["HTTP/2", "HTTP/2 200\r\n"],
		["two blanks", "HTTP/1.1  200\r\n"],
		["two digits", "HTTP/1.1 20\r\n"],
		["four digits", "HTTP/1.1 2000\r\n"],
		["letters", "HTTP/1.1 2OO OK\r\n"],
		["a status below 100", "HTTP/1.1 099 OK\r\n"],
		["a status of zero", "HTTP/1.1 000 OK\r\n"],
		["small letters", "http/1.1 200 OK\r\n"],
	])("is none: %s", (_, text) => {
		for (const rules of [STRICT, LENIENT]) expect(head(text, rules)).toMatchObject({ refusal: NO_HTTP, seen: [] });
	});

	it.each([
		["no colon", "nonsense\r\n", false],
		["no name", ": x\r\n", false],
		["a blank in the name", "A b: c\r\n", false],
		["a blank before the colon", "A : b\r\n", false],
		["a line that is continued", "A: b\r\n c: d\r\n", false],
		["LF alone", "A: b\n", true],
		["CR within a line", "A: b\rC: d\r\n", true],
		["two CR", "A: b\r\r\n", true],
		["a zero", "A: \0\r\n", true],
		["an escape", "A: \x1b[2J\r\n", true],
		["a CR and the end of what is kept", `A: ${"b".repeat(28)}\rX\r\n`, true],
	])("is refused with %s", (_, line, onlyStrict) => {
		expect(head(`${OK}${line}\r\n`).refusal).toBe(UNREADABLE);
		const { refusal } = head(`${OK}${line}\r\n`, LENIENT);
		expect(refusal).toBe(onlyStrict ? undefined : UNREADABLE);
	});

	/** What a strict reader makes of a whole text that is not cut anywhere, said in another way. */
	function expected(text: string): { readonly seen: string[]; readonly complete: boolean } | undefined {
		const isPlain = (head: string) => [...head].every((letter) => letter >= " " || "\t\r\n".includes(letter));
		const found = /^HTTP\/1\.. ([1-9]\d\d)(?: [^\r\n]*)?\r\n((?:[^\s:]+:[^\r\n]*\r\n)*)\r\n/.exec(text);
		if (found === null || !isPlain(found[0])) return undefined;
		const lines = (found[2] ?? "").split("\r\n").slice(0, -1);
		const seen = lines.map((line) => {
			const [, name = "", value = ""] = /^([^:]*):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
			return `${name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}=${value}`;
		});
		return { seen: [found[1] ?? "", ...seen], complete: true };
	}

	it("is read as its grammar says, whatever comes in whatever pieces", () => {
		const rules = { lineMax: 400, headMax: 400, strict: true };
		const piece = fc.oneof(
			fc.constantFrom(
				"HTTP/1.1 200 OK\r\n",
				"HTTP/1.0 404\r\n",
				"A: b\r\n",
				"Name:\tx \r\n",
				"\r\n",
				"\n",
				"\r",
				":",
				" ",
			),
			fc.string({ unit: "binary-ascii", maxLength: 6 }),
		);
		const texts = fc.oneof(
			fc.array(piece, { maxLength: 8 }).map((all) => all.join("")),
			fc.array(piece, { maxLength: 4 }).map((all) => `${OK}A: b\r\n${all.join("")}\r\n\r\n`),
		);
		let whole = 0;
		fc.assert(
			fc.property(texts, fc.array(fc.nat(200)), (text, places) => {
				const bytes = new Uint8Array(Buffer.from(text, "latin1"));
				const result = read(rules, [bytes]);
				expect(read(rules, cutAt(bytes, places))).toEqual(result);
				const good = expected(text);
				const isEnded = good?.seen.some((one) => one.startsWith("end=") || one === "last=no" || one === "999");
				if (good === undefined) expect(result.complete).toBe(false);
				else if (isEnded !== true) expect(result).toMatchObject(good);
				if (result.complete) whole++;
			}),
			{ numRuns: Number(process.env.FUZZ_ROUNDS ?? 3_000), seed: 9112 },
		);
		expect(whole).toBeGreaterThan(300);
	});
});
