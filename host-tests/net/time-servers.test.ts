import { describe, expect, it } from "vitest";
import { TimeServers } from "../../firmware/net/time-servers.js";

function round(servers: TimeServers, nowMs: number): string[] {
	const asked: string[] = [];
	servers.begin();
	for (let one = servers.next(nowMs); one !== undefined; one = servers.next(nowMs)) asked.push(one);
	return asked;
}

describe("whom to ask for the time", () => {
	it("is one after the other, and begins with the first", () => {
		const servers = new TimeServers(["a", "b", "c"]);
		expect(round(servers, 0)).toEqual(["a", "b", "c"]);
		expect(round(servers, 0)).toEqual(["a", "b", "c"]);
	});

	it("is nobody who asked to be left alone", () => {
		const servers = new TimeServers(["a", "b", "c"]);
		servers.next(0);
		servers.turnedAway("deny", 0);
		servers.next(0);
		servers.turnedAway("rate", 0);
		expect(round(servers, 3_599_999)).toEqual(["c"]);
		expect(round(servers, 3_600_000)).toEqual(["b", "c"]);
		expect(round(servers, 1e12)).toEqual(["b", "c"]);
	});

	it("asks the owner about the port only when every server kept silent", () => {
		const servers = new TimeServers(["a", "b"]);
		servers.failed("a gave no answer", true);
		servers.failed("b gave no answer", true);
		expect(servers.failure()).toMatch(/^none of 2 time servers .* b gave no answer \(is UDP port 123 closed\?/);
		servers.failed("b makes no sense", false);
		expect(servers.failure()).toBe("none of 2 time servers told the time; the last: b makes no sense");
		servers.begin();
		expect(servers.failure()).toContain("left alone");
	});
});
