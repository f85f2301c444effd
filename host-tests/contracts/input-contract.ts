import type { BinaryInput, BinarySensorDefinition, ButtonDefinition } from "../../firmware/model/inputs.js";
import type { EdgeHandler, Pull } from "../../firmware/ports/pins.js";
import { VirtualBoard } from "../virtual/board.js";
import { type Check, equal, throws } from "./checks.js";
import { RecordingEntry } from "./entry.js";

/** An input behind a contact on one pin. */
export interface InputCase {
	readonly definition: BinarySensorDefinition | ButtonDefinition;
	readonly pin: number;
	readonly pull: Pull;
	/** What it means when the contact is closed. */
	readonly closed: boolean;
}

/** What every input with a pin must do. */
export function inputContract(test: InputCase): Check[] {
	return [
		{ name: "means what its contact does", run: () => means(test) },
		{ name: "tells of every change, several edges at once being one", run: () => tells(test) },
		{ name: "is silent once closed, and opens again", run: () => closes(test) },
		{ name: "hands what its handler throws to the entry", run: () => panics(test) },
		{ name: "says which pins it uses, and pulls them as told", run: () => pins(test) },
	];
}

class Bench {
	readonly board = new VirtualBoard();
	readonly entry = new RecordingEntry();
	readonly input: BinaryInput;
	edges = 0;
	private readonly test: InputCase;

	constructor(test: InputCase, handler?: EdgeHandler) {
		this.test = test;
		this.board.attach(this.entry);
		this.input = this.open(handler ?? { onEdge: () => void this.edges++ });
	}

	open(handler: EdgeHandler): BinaryInput {
		const { open } = this.test.definition;
		if (open === undefined) throw new Error("it has no pin");
		return open(this.board.hardware, handler);
	}

	get pin() {
		return this.board.hardware.pins.at(this.test.pin);
	}

	close(closed: boolean): void {
		if (closed) this.pin.press();
		else this.pin.letGo();
	}

	run(): void {
		this.board.world.advance(1);
	}
}

function means(test: InputCase): void {
	const bench = new Bench(test);
	for (const closed of [false, true, false, true]) {
		bench.close(closed);
		equal(bench.input.active(), closed === test.closed, closed ? "closed" : "open");
	}
	bench.input.close();
}

function tells(test: InputCase): void {
	const bench = new Bench(test);
	bench.close(false);
	bench.run();
	const before = bench.edges;
	bench.close(true);
	equal(bench.edges, before, "edges told before the callback can come");
	bench.run();
	equal(bench.edges - before, 1, "edges told of one change");
	for (const closed of [false, true, false, true]) bench.close(closed);
	bench.run();
	equal(bench.edges - before, 2, "edges told of a burst");
	equal(bench.entry.settled, bench.edges, "ends of callbacks");
	bench.input.close();
}

function closes(test: InputCase): void {
	const bench = new Bench(test);
	bench.close(false);
	bench.run();
	const before = bench.edges;
	bench.close(true); // on its way when the input is closed
	bench.input.close();
	bench.run();
	bench.close(false);
	bench.run();
	equal(bench.edges, before, "edges told after close");
	throws(() => bench.input.active(), "reading after close");
	equal(bench.board.hardware.pins.inUse().length, 0, "pins left open");
	bench.open({ onEdge: () => undefined }).close();
}

function panics(test: InputCase): void {
	const bench = new Bench(test, {
		onEdge: () => {
			throw new Error("planted");
		},
	});
	bench.close(false);
	bench.close(true);
	bench.run();
	equal(bench.entry.reasons, ["planted"], "what the entry was told");
	equal(bench.entry.settled, 1, "ends of callbacks");
	bench.input.close();
}

function pins(test: InputCase): void {
	const bench = new Bench(test);
	equal(test.definition.pins, [{ pin: test.pin, as: "input" }], "pins");
	equal([bench.pin.use, bench.pin.pull], ["input", test.pull], "use and pull");
	bench.input.close();
}
