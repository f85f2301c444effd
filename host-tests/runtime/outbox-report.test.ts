import { expect, it } from "vitest";
import { Depot, EVENTS, SAMPLES } from "../../firmware/runtime/depot.js";
import { outboxJson, reportOutbox } from "../../firmware/runtime/outbox-report.js";
import { Packer } from "../../firmware/runtime/packing.js";
import { VirtualBoard } from "../virtual/board.js";

it("tells what waits, what of it lies in flash, and what was lost, in all and by class", () => {
	const board = new VirtualBoard();
	const depot = new Depot({ board, log: (line) => board.log(line) });
	depot.append(SAMPLES, new Packer(new Uint8Array(1)), 5);
	depot.lose(EVENTS, 2);
	depot.lose(SAMPLES, 1);
	expect(JSON.parse(outboxJson(reportOutbox(depot, 3, 9, { waiting: 2, dropped: 7 }, 4)))).toEqual({
		waiting: 14,
		stored: 5,
		dropped: 10,
		cuts: 4,
		event: { waiting: 3, stored: 0, dropped: 2 },
		telemetry: { waiting: 9, stored: 5, dropped: 1 },
		log: { waiting: 2, stored: 0, dropped: 7 },
	});
	expect(reportOutbox(depot, 0, 0, undefined, 0).log).toEqual({ waiting: 0, stored: 0, dropped: 0 });
});
