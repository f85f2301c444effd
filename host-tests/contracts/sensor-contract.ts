import { Fault } from "../../firmware/model/fault.js";
import { type I2cSensor, type Measures, type Probe, type Reading, sensor } from "../../firmware/model/sensor.js";
import { VirtualBoard } from "../virtual/board.js";
import type { VirtualSocket } from "../virtual/i2c.js";
import { type Check, equal, ok, throws } from "./checks.js";
import { RecordingEntry } from "./entry.js";
import { ScriptedChip, type Step } from "./scripted-chip.js";

const BUSES = { main: { data: 21, clock: 22 } };

/** One true exchange with the chip, from its data sheet, and what it means. */
export interface SensorScript<M extends Measures> {
	readonly open: readonly Step[];
	/** From `start` to `read`. */
	readonly measure: readonly Step[];
	readonly reads: Reading<M>;
	/** How exactly, absolute. 1e-6 unless set. */
	readonly within?: number;
	/** Which byte of which `open` step identifies the chip. */
	readonly identity?: { readonly step: number; readonly byte: number };
	/** The `measure` steps whose every bit is covered by a checksum. */
	readonly checksummed?: readonly number[];
}

/** What every I2C sensor driver must do. */
export function sensorContract<M extends Measures>(driver: I2cSensor<M>, script: SensorScript<M>): Check[] {
	const whole = [...script.open, ...script.measure];
	return [
		{ name: "reads the example", run: () => example(driver, script, whole) },
		{ name: "reads the same from the same bytes", run: () => again(driver, script) },
		{ name: "waits as long as the chip needs", run: () => waits(driver, script, whole) },
		{ name: "recovers from a silent chip at each step", run: () => recovers(driver, script, whole) },
		{ name: "tells another chip from its own", run: () => identifies(driver, script) },
		{ name: "refuses every flipped bit under a checksum", run: () => flips(driver, script) },
		{ name: "is complete data", run: () => data(driver) },
	];
}

/** A board with one scripted chip, and the driver's entity on it. */
class Bench<M extends Measures> {
	readonly board = new VirtualBoard();
	readonly chip: ScriptedChip;
	readonly socket: VirtualSocket;
	private readonly driver: I2cSensor<M>;

	constructor(driver: I2cSensor<M>, steps: readonly Step[]) {
		this.driver = driver;
		this.board.attach(new RecordingEntry());
		this.chip = new ScriptedChip(this.board.clock, steps);
		this.socket = this.board.hardware.attach(this.chip, { ...BUSES.main, address: driver.addresses[0] });
	}

	open(): Probe<M> {
		return sensor(this.driver, { bus: "main", every: 1_000 }).open(this.board.hardware, BUSES);
	}

	measure(probe: Probe<M>): Reading<M> {
		this.board.world.advance(probe.start());
		return probe.read();
	}

	/** The whole life of a probe, closed whatever happens, as the runtime does. */
	once(): Reading<M> {
		const probe = this.open();
		try {
			return this.measure(probe);
		} finally {
			probe.close();
		}
	}

	closed(): void {
		equal(
			this.board.hardware.pins.inUse().map((pin) => pin.number),
			[],
			"pins left open",
		);
	}
}

function example<M extends Measures>(driver: I2cSensor<M>, script: SensorScript<M>, whole: readonly Step[]): void {
	const bench = new Bench(driver, whole);
	compare(driver, script, bench.once());
	equal(bench.chip.left, 0, "steps of the exchange left out");
	bench.closed();
}

function compare<M extends Measures>(driver: I2cSensor<M>, script: SensorScript<M>, reading: Reading<M>): void {
	equal(Object.keys(reading).sort(), Object.keys(driver.measures).sort(), "what was read");
	for (const key of Object.keys(driver.measures)) {
		const [value, wanted] = [reading[key] as number, script.reads[key] as number];
		ok(Math.abs(value - wanted) <= (script.within ?? 1e-6), `${key} ${value} is ${wanted}`);
		const { min, max } = driver.measures[key] as { min: number; max: number };
		ok(value >= min && value <= max, `${key} ${value} is within ${min} to ${max}`);
	}
}

function again<M extends Measures>(driver: I2cSensor<M>, script: SensorScript<M>): void {
	const bench = new Bench(driver, [...script.open, ...script.measure, ...script.measure]);
	const probe = bench.open();
	const first = { ...bench.measure(probe) };
	equal({ ...bench.measure(probe) }, first, "the second reading");
	probe.close();
	bench.closed();
}

function waits<M extends Measures>(driver: I2cSensor<M>, script: SensorScript<M>, whole: readonly Step[]): void {
	if (!script.measure.some((step) => "waitMs" in step)) return;
	const bench = new Bench(driver, whole);
	const probe = bench.open();
	const waitMs = probe.start();
	bench.board.world.advance(Math.max(0, waitMs - 1_000)); // at once, in every case that there is
	throws(() => probe.read(), "reading at once");
	probe.close();
	bench.closed();
}

function recovers<M extends Measures>(driver: I2cSensor<M>, script: SensorScript<M>, whole: readonly Step[]): void {
	const counting = new Bench(driver, whole);
	counting.once();
	const { transactions } = counting.socket;
	ok(transactions > 0, "the example talks to the chip");
	for (let step = 0; step < transactions; step++) {
		const bench = new Bench(driver, whole);
		bench.socket.failAt(step);
		throws(() => bench.once(), `a chip that is silent at transaction ${step}`);
		bench.closed();
		const next = new Bench(driver, whole); // the driver must not remember anything of the failure
		compare(driver, script, next.once());
	}
}

function identifies<M extends Measures>(driver: I2cSensor<M>, script: SensorScript<M>): void {
	if (script.identity === undefined) return;
	const { step, byte } = script.identity;
	const right = bytesOf(script.open, step)[byte] as number;
	for (let id = 0; id <= 0xff; id++) {
		if (id === right) continue;
		const bench = new Bench(driver, replaced(script.open, step, byte, id));
		const error = throws(() => bench.open(), `a chip with id ${id}`);
		ok(error instanceof Fault && error.what === driver.model, `"${error.message}" is a fault of ${driver.model}`);
		bench.closed();
	}
}

function flips<M extends Measures>(driver: I2cSensor<M>, script: SensorScript<M>): void {
	for (const step of script.checksummed ?? []) {
		for (const [byte, value] of bytesOf(script.measure, step).entries()) {
			for (let bit = 0; bit < 8; bit++) {
				const measure = replaced(script.measure, step, byte, value ^ (1 << bit));
				const bench = new Bench(driver, [...script.open, ...measure]);
				throws(() => bench.once(), `bit ${bit} of byte ${byte} flipped`);
				bench.closed();
			}
		}
	}
}

function data<M extends Measures>(driver: I2cSensor<M>): void {
	ok(Object.isFrozen(driver), "the driver is frozen");
	ok(driver.model !== "" && driver.datasheet.startsWith("https://"), "it says its model and its data sheet");
	equal(new Set(driver.addresses).size, driver.addresses.length, "different addresses");
	for (const address of driver.addresses)
		ok(address >= 0x08 && address <= 0x77, `0x${address.toString(16)} is an address`);
	ok(driver.hz > 0 && driver.hz <= 1_000_000, "its clock rate is one of I2C");
	ok(Object.keys(driver.measures).length > 0, "it measures something");
	for (const { min, max } of Object.values(driver.measures)) ok(min < max, "every range is the right way round");
}

function bytesOf(steps: readonly Step[], at: number): readonly number[] {
	const step = steps[at];
	ok(step !== undefined && "read" in step, `step ${at} is a read`);
	return step.read;
}

function replaced(steps: readonly Step[], at: number, byte: number, value: number): Step[] {
	return steps.map((step, index) => (index === at ? { read: bytesOf(steps, at).with(byte, value) } : step));
}
