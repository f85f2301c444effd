import { expect, it } from "vitest";
import { reportOf } from "../../firmware/update/report.js";

it("tells what there is to tell, and leaves room for the time", () => {
	const report = reportOf("fetching", { version: "1.1.0", done: 3, of: 9, blocks: [4, 5], reason: 'a "reason"' });
	expect(JSON.parse(`${report},"time":null}`)).toEqual({
		state: "fetching",
		version: "1.1.0",
		done: 3,
		of: 9,
		blocks: [4, 5],
		reason: 'a "reason"',
		time: null,
	});
	expect(reportOf("trial", {})).toBe('{"state":"trial"');
	expect(reportOf("failed", { reason: "x".repeat(999) }).length).toBeLessThan(260);
});
