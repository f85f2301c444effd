import { beforeEach, describe, expect, it } from "vitest";
import { Mailbox } from "../../firmware/runtime/mailbox.js";

let mailbox: Mailbox;
beforeEach(() => {
	mailbox = new Mailbox();
});

function put(...names: (string | number)[]): void {
	for (const name of names) mailbox.put({ topic: "event", payload: String(name) });
}

function first(): string | undefined {
	return mailbox.first()?.payload;
}

function deliver(refused = false): string | undefined {
	const payload = first();
	mailbox.firstInFlight = payload !== undefined;
	mailbox.taken(refused);
	return payload;
}

describe("the mailbox", () => {
	it("keeps letters in order until they are taken", () => {
		put("a", "b");
		expect([first(), first(), mailbox.waiting]).toEqual(["a", "a", 2]);
		expect([deliver(), deliver(), deliver()]).toEqual(["a", "b", undefined]);
		expect([mailbox.waiting, mailbox.dropped]).toEqual([0, 0]);
	});

	it("drops the oldest when it is full, and counts it", () => {
		put(...Array.from({ length: 18 }, (_, i) => i));
		expect([first(), mailbox.waiting, mailbox.dropped]).toEqual(["2", 16, 2]);
	});

	it("never drops the one that is on its way", () => {
		put("first");
		mailbox.firstInFlight = true;
		put(...Array.from({ length: 20 }, (_, i) => i));
		expect([first(), mailbox.waiting, mailbox.dropped]).toEqual(["first", 16, 5]);
		mailbox.taken(false);
		expect(first()).toBe("5");
	});

	it("takes an acknowledgement for nothing when nothing is on its way", () => {
		put("a");
		mailbox.taken(false);
		mailbox.taken(true);
		expect([first(), mailbox.dropped]).toEqual(["a", 0]);
	});

	it("counts what the broker refuses as lost, and goes on with the next", () => {
		put("a", "b");
		expect(deliver(true)).toBe("a");
		expect([first(), mailbox.dropped]).toEqual(["b", 1]);
	});
});
