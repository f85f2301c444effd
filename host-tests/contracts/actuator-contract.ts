import type { LightDefinition, SwitchDefinition } from "../../firmware/model/actuators.js";
import type { PinUse } from "../../firmware/model/pins.js";
import type { Hardware } from "../../firmware/ports/board.js";
import { VirtualBoard } from "../virtual/board.js";
import { type Check, equal, ok, throws } from "./checks.js";
import { RecordingEntry } from "./entry.js";

/** A switch, and the level of its pin in both states. */
export interface SwitchCase {
	readonly definition: SwitchDefinition;
	readonly pin: number;
	readonly on: 0 | 1;
	readonly off: 0 | 1;
}

/** A light, and the duties that go with brightnesses from 0 to 1. */
export interface LightCase {
	readonly definition: LightDefinition;
	readonly pin: number;
	readonly duties: readonly (readonly [brightness: number, duty: number])[];
	/** The duty of darkness. */
	readonly dark: 0 | 1;
}

/** What every switch must do. */
export function switchContract(test: SwitchCase): Check[] {
	const { definition, on, off } = test;
	const safe = definition.safe ? on : off;
	return [
		{
			name: "stands safe from its first level on",
			run: () => {
				const { values, output } = open(test);
				equal(values(), [safe], "levels after opening");
				output.close();
			},
		},
		{
			name: "shows every state",
			run: () => {
				const { values, output } = open(test);
				for (const state of [true, false, false, true, false]) output.write(state);
				equal(values(), [safe, on, off, off, on, off], "levels");
				output.close();
			},
		},
		{
			name: "stands safe when it is closed",
			run: () => {
				const { values, output, board } = open(test);
				output.write(!definition.safe);
				output.close();
				equal(values().at(-1), safe, "the last level");
				equal(board.hardware.pins.inUse().length, 0, "pins left open");
				throws(() => output.write(true), "a write after close");
			},
		},
		...shared(test),
	];
}

/** What every light must do. */
export function lightContract(test: LightCase): Check[] {
	const { duties, dark } = test;
	return [
		{
			name: "is dark at first",
			run: () => {
				const { values, output } = open(test);
				// The converter itself starts at 0 before anything can be written.
				equal(dark === 0 ? [...new Set(values())] : values(), dark === 0 ? [0] : [0, 1], "duties after opening");
				output.close();
			},
		},
		{
			name: "shows every brightness",
			run: () => {
				const { values, output } = open(test);
				for (const [brightness, duty] of [...duties, ...duties.toReversed()]) {
					output.write(brightness);
					const shown = values().at(-1) as number;
					ok(Math.abs(shown - duty) < 0.001, `brightness ${brightness} is duty ${duty}, not ${shown}`);
				}
				output.close();
			},
		},
		{
			name: "grows with brightness, is lit at the lowest and full at the highest",
			run: () => {
				const { values, output } = open(test);
				const lit = (brightness: number): number => {
					output.write(brightness);
					return Math.abs((values().at(-1) as number) - dark);
				};
				equal([lit(0), lit(1)], [0, 1], "the ends");
				ok(lit(0.01) > 0, "1 % is lit");
				for (let percent = 1; percent <= 100; percent++) {
					ok(lit(percent / 100) >= lit((percent - 1) / 100), `${percent} % is no darker than ${percent - 1} %`);
				}
				output.close();
			},
		},
		{
			name: "is dark when it is closed",
			run: () => {
				const { values, output, board } = open(test);
				output.write(1);
				output.close();
				equal(values().at(-1), dark, "the last duty");
				equal(board.hardware.pins.inUse().length, 0, "pins left open");
			},
		},
		...shared(test),
	];
}

function shared(test: Case<{ close(): void }>): Check[] {
	return [
		{
			name: "opens again, but never twice at once",
			run: () => {
				const { output, board } = open(test);
				throws(() => test.definition.open(board.hardware), "opening it twice");
				output.close();
				test.definition.open(board.hardware).close();
			},
		},
		{
			name: "says which pins it uses",
			run: () => {
				const { output, board } = open(test);
				const used = board.hardware.pins.inUse().map((pin) => ({ pin: pin.number, as: "output" }));
				equal(test.definition.pins, used, "pins");
				output.close();
			},
		},
	];
}

/** What both kinds have in common. */
interface Case<O> {
	readonly definition: { readonly pins: readonly PinUse[]; open(hardware: Hardware): O };
	readonly pin: number;
}

interface Opened<O> {
	readonly board: VirtualBoard;
	readonly output: O;
	values(): number[];
}

function open<O>(test: Case<O>): Opened<O> {
	const board = new VirtualBoard();
	board.attach(new RecordingEntry());
	const output = test.definition.open(board.hardware);
	const { history } = board.hardware.pins.at(test.pin);
	return { board, output, values: () => history.map(({ value }) => value) };
}
