import { describe, expect, it } from "vitest";
import { XsBench } from "./xsnap/engine.js";
import { whyNoXs } from "./xsnap/worker.js";

const TIMES = 1_000;
const DROPPED = 100; // by the broker; the others with the network
/** What may be under way at one moment and not at another; a single slot lost with every connection would be 1,000. */
const SLOTS_UNDER_WAY = 60;

const why = whyNoXs();
const skipped = why === undefined ? "" : ` (skipped: ${why})`;

describe.skipIf(why !== undefined)(`${TIMES} reconnects on XS${skipped}`, () => {
	it("leave the live heap as it was", async () => {
		const xs = await XsBench.open();
		try {
			await xs.perform("start");
			await xs.perform("lose 50");
			await xs.perform("lose 5 dropped");
			await xs.perform("advance 120000");
			const before = await xs.liveSlots();
			await xs.perform(`lose ${TIMES - DROPPED}`);
			await xs.perform(`lose ${DROPPED} dropped`);
			await xs.perform("advance 120000");
			const grown = (await xs.liveSlots()) - before;
			const { link, violations } = await xs.report();
			expect({ link, violations }).toEqual({ link: "online", violations: [] });
			console.log(`On XS, after ${TIMES} reconnects ${grown} more live slots than before.`);
			expect(Math.abs(grown)).toBeLessThan(SLOTS_UNDER_WAY);
		} finally {
			await xs.close();
		}
	}, 300_000);
});
