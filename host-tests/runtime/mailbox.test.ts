import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ClockOrigins } from "../../firmware/runtime/clock-origins.js";
import { Depot, EVENTS } from "../../firmware/runtime/depot.js";
import { Mailbox } from "../../firmware/runtime/mailbox.js";
import { VirtualBoard } from "../virtual/board.js";

let board: VirtualBoard;
let depot: Depot;
let mailbox: Mailbox;
let boot: number;
beforeEach(() => {
	board = new VirtualBoard();
	boot = 0;
	start();
});

function start(): void {
	depot = new Depot({ board, log: (line) => board.log(line) });
	boot++;
	mailbox = new Mailbox({ board, boot, prefix: "farpin/x/", depot, origins: new ClockOrigins({ board, boot }) });
}

function withoutFlash(): void {
	board.segments = undefined;
	start();
}

function put(...names: (string | number)[]): void {
	for (const name of names) mailbox.put({ topic: "farpin/x/event", payload: String(name) }, 0);
}

function send(): string | undefined {
	const letter = mailbox.first();
	if (letter !== undefined) mailbox.sent();
	return letter?.payload;
}

function deliver(refused = false): string | undefined {
	const payload = send();
	mailbox.taken(refused);
	return payload;
}

function deliverAll(): string[] {
	const found: string[] = [];
	for (let payload = deliver(); payload !== undefined; payload = deliver()) found.push(payload);
	return found;
}

function counts(): number[] {
	return [mailbox.waiting, depot.stored(EVENTS), depot.dropped[EVENTS] as number];
}

const NUMBERS = Array.from({ length: 20 }, (_, i) => String(i));

describe("the mailbox", () => {
	it("keeps letters in order until they are taken", () => {
		put("a", "b");
		expect([mailbox.first()?.payload, mailbox.first()?.payload, mailbox.waiting]).toEqual(["a", "a", 2]);
		expect([deliver(), deliver(), deliver()]).toEqual(["a", "b", undefined]);
		expect(counts()).toEqual([0, 0, 0]);
		expect(board.segments?.writes).toBe(0);
	});

	it("sends one at a time, and the same again after the connection", () => {
		put("a", "b");
		expect([send(), send()]).toEqual(["a", undefined]);
		mailbox.end(0);
		mailbox.taken(false); // of the connection before
		expect(deliverAll()).toEqual(["a", "b"]);
	});

	it("moves letters to flash when memory is full, and keeps their order", () => {
		mailbox.begin();
		put(...NUMBERS.slice(0, 16));
		expect([mailbox.dueMs, ...counts()]).toEqual([Number.POSITIVE_INFINITY, 16, 0, 0]);
		put(...NUMBERS.slice(16));
		expect([mailbox.dueMs, ...counts()]).toEqual([0, 20, 0, 0]); // when the callback ends
		mailbox.run(0);
		expect([mailbox.dueMs, ...counts()]).toEqual([Number.POSITIVE_INFINITY, 20, 20, 0]);
		expect(deliverAll()).toEqual(NUMBERS);
	});

	it("moves a flood to flash at once", () => {
		const many = Array.from({ length: 100 }, (_, i) => String(i));
		put(...many);
		expect(counts()).toEqual([100, 64, 0]);
		expect(deliverAll()).toEqual(many);
	});

	it("moves letters to flash soon while the broker is away, and only then", () => {
		put("a", "b");
		expect(mailbox.dueMs).toBe(5_000);
		mailbox.begin();
		put("c");
		expect(mailbox.dueMs).toBe(Number.POSITIVE_INFINITY);
		mailbox.end(1_000);
		expect(mailbox.dueMs).toBe(6_000);
		mailbox.run(6_000);
		expect([mailbox.dueMs, ...counts()]).toEqual([Number.POSITIVE_INFINITY, 3, 3, 0]);
		start();
		put("d");
		expect(deliverAll()).toEqual(["a", "b", "c", "d"]);
	});

	it("sends again what was on its way when it was moved to flash", () => {
		put("a", "b");
		send();
		mailbox.save();
		mailbox.taken(false);
		expect(deliverAll()).toEqual(["a", "b"]);
	});

	it("drops the oldest where there is no flash, and counts it", () => {
		withoutFlash();
		put(...NUMBERS);
		expect(counts()).toEqual([16, 0, 4]);
		expect(mailbox.first()?.payload).toBe("4");
		expect(mailbox.save()).toBe(false);
	});

	it("never drops the one that is on its way", () => {
		withoutFlash();
		put("first");
		send();
		put(...NUMBERS);
		expect(counts()).toEqual([16, 0, 5]);
		mailbox.taken(false);
		expect(mailbox.first()?.payload).toBe("5");
	});

	it("counts what the broker refuses as lost, out of memory and out of flash, and goes on with the next", () => {
		put("a");
		mailbox.save();
		put("b", "c");
		expect([deliver(true), deliver(true), deliver()]).toEqual(["a", "b", "c"]);
		expect(counts()).toEqual([0, 0, 2]);
	});

	it("keeps a letter with everything that belongs to it, and counts one too long for flash as lost", () => {
		const letter = { topic: "answers/1", payload: '{"id":"ä"}', correlationData: Uint8Array.of(1, 2) };
		mailbox.put(letter, 0);
		mailbox.put({ topic: "event", payload: "x".repeat(1_100) }, 0);
		mailbox.save();
		start();
		expect(mailbox.first()).toEqual(letter);
		expect(counts()).toEqual([1, 1, 1]);
	});

	it("sends an answer to a topic of somebody else's choosing once, out of memory and out of flash, and counts it as lost", () => {
		for (const save of [false, true]) {
			mailbox.put({ topic: "forbidden", payload: "answer" }, 0);
			put("a");
			if (save) mailbox.save();
			expect(send()).toBe("answer");
			mailbox.end(0);
			expect(deliverAll()).toEqual(["a"]);
		}
		expect(counts()).toEqual([0, 0, 2]);
	});

	it("property: posted = delivered + waiting + dropped, in order, through restarts", () => {
		const step = fc.constantFrom("put", "put", "put", "send", "taken", "lost", "save", "restart");
		fc.assert(
			fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
				board = new VirtualBoard();
				start();
				let posted = 0;
				const delivered = new Set<string>();
				for (const verb of steps) {
					if (verb === "put") put(++posted);
					else if (verb === "send") delivered.add(send() ?? "");
					else if (verb === "taken") mailbox.taken(false);
					else if (verb === "lost") mailbox.end(0);
					else mailbox.save();
					if (verb === "restart") start();
				}
				mailbox.end(0);
				for (const payload of deliverAll()) delivered.add(payload);
				delivered.delete("");
				expect([delivered.size, ...counts()]).toEqual([posted, 0, 0, 0]);
			}),
		);
	});
});
