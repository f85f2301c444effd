import { engineChecks } from "./checks.js";
import { Meter } from "./meter.js";
import { ReferenceBench } from "./reference-bench.js";
import { nativeText } from "./text.js";

/*
 * What runs inside XS: one bench, moved by commands from outside, one text in and one out.
 */

interface Worker {
	handleCommand: (command: ArrayBuffer) => { result?: ArrayBuffer };
	gc(): void;
}

const worker = globalThis as unknown as Worker;
const text = nativeText();
const checks = engineChecks(text);
const meter = new Meter();
let bench: ReferenceBench | undefined;

function started(): ReferenceBench {
	if (bench === undefined) throw new Error("start comes first");
	return bench;
}

/** One line: a verb and what belongs to it. */
function perform(line: string): unknown {
	const [verb = "", first = "", ...rest] = line.split(" ");
	switch (verb) {
		case "start":
			bench = new ReferenceBench(text, first === "metered" ? (board) => meter.around(board) : undefined);
			return "";
		case "advance":
			started().world.advance(Number(first));
			return "";
		case "press":
			return started().press(first, Number(rest[0]));
		case "publish":
			return started().broker.publish(first, rest.join(" "), { qos: 1 });
		case "cut":
			return started().board.network.cut();
		case "restore":
			return started().board.network.restore();
		case "lose":
			return started().lose(Number(first), rest[0] === "dropped");
		case "report":
			return started().report();
		case "spent":
			meter.settle("outside");
			return { inside: meter.inside, outside: meter.outside };
		case "collect":
			worker.gc();
			return "";
		case "check":
			return checks[Number(first)]?.run();
		case "checks":
			return checks.map(({ name }) => name);
		default:
			throw new Error(`${verb}?`);
	}
}

/** The worker sends `result` when nothing is left to be done, so that it may come late. */
worker.handleCommand = (command) => {
	const answer: { result?: ArrayBuffer } = {};
	const bytes = new Uint8Array(command);
	Promise.resolve(text.decode(bytes, 0, bytes.length))
		.then(perform)
		.then(
			(value) => JSON.stringify({ value: value ?? null }),
			(error) => JSON.stringify({ error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) }),
		)
		.then((line) => {
			answer.result = text.encode(line).slice().buffer as ArrayBuffer;
		});
	return answer;
};
