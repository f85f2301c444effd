import { beforeEach, describe, expect, it } from "vitest";
import { RecordingEntry } from "../contracts/entry.js";
import { VirtualBoard } from "./board.js";
import { EchoChip } from "./echo-chip.js";

const PLACE = { data: 21, clock: 22, address: 0x40 };
const OPTIONS = { ...PLACE, hz: 100_000 };

describe("VirtualHardware", () => {
	let board: VirtualBoard;
	let entry: RecordingEntry;

	beforeEach(() => {
		board = new VirtualBoard();
		entry = new RecordingEntry();
		board.attach(entry);
	});

	describe("pins", () => {
		it("refuses a pin that is in use or does not exist", () => {
			const { hardware } = board;
			const output = hardware.digitalOutput({ pin: 5, initial: 0 });
			const uses = [
				() => hardware.digitalOutput({ pin: 5, initial: 1 }),
				() => hardware.digitalInput({ pin: 5, pull: "up" }, { onEdge: () => undefined }),
				() => hardware.analogInput({ pin: 5 }),
				() => hardware.pwm({ pin: 5, hz: 1_000, resolutionBits: 10 }),
				() => hardware.i2c({ ...OPTIONS, data: 5 }),
				() => hardware.i2c({ ...OPTIONS, clock: 5 }),
				() => hardware.serial({ port: 1, receive: 5, baud: 9_600 }, { onSerial: () => undefined }),
			];
			for (const use of uses) expect(use).toThrow("pin 5 is in use as output");
			for (const pin of [-1, 1.5, 49]) expect(() => hardware.analogInput({ pin })).toThrow(`there is no pin ${pin}`);
			expect(hardware.pins.inUse().map((pin) => pin.number)).toEqual([5]);
			output.close();
			for (const use of uses) {
				use();
				hardware.reset();
			}
		});

		it("remembers every level with its time, the first included", () => {
			const output = board.hardware.digitalOutput({ pin: 5, initial: 1 });
			board.world.advance(10);
			output.write(0);
			expect(board.hardware.pins.at(5).history).toEqual([
				{ atMs: 0, value: 1 },
				{ atMs: 10, value: 0 },
			]);
			output.close();
			output.close();
			expect(() => output.write(1)).toThrow("pin 5 was closed");
		});

		it("does not mistake a pin opened again for the one that was closed", () => {
			const first = board.hardware.digitalOutput({ pin: 5, initial: 0 });
			first.close();
			const second = board.hardware.digitalOutput({ pin: 5, initial: 1 });
			first.close();
			expect(() => first.write(0)).toThrow("pin 5 was closed");
			second.write(0);
			expect(board.hardware.pins.at(5).use).toBe("output");
		});

		it("sees the pull, and what is driven from outside", () => {
			const { hardware } = board;
			const up = hardware.digitalInput({ pin: 4, pull: "up" }, { onEdge: () => undefined });
			const down = hardware.digitalInput({ pin: 13, pull: "down" }, { onEdge: () => undefined });
			expect([up.read(), down.read()]).toEqual([1, 0]);
			for (const pin of [4, 13]) hardware.pins.at(pin).press();
			expect([up.read(), down.read()]).toEqual([0, 1]);
			for (const pin of [4, 13]) hardware.pins.at(pin).letGo();
			expect([up.read(), down.read()]).toEqual([1, 0]);
			board.world.advance(1);
			expect(entry.settled).toBe(2);
			hardware.pins.at(4).bounce();
			expect(up.read()).toBe(1);
			board.world.advance(1);
			expect(entry.settled).toBe(3);
		});

		it("converts as a converter of 12 bits does", () => {
			const input = board.hardware.analogInput({ pin: 34 });
			board.hardware.pins.at(34).fraction = 0.5;
			expect(input.read()).toBe(2_048 / 4_095);
			expect(() => {
				board.hardware.pins.at(34).fraction = 1.1;
			}).toThrow("1.1 is no fraction of full scale");
		});

		it("has only the timers of the chip for PWM", () => {
			const { hardware } = board;
			for (const resolutionBits of [7, 15, 10.5]) {
				expect(() => hardware.pwm({ pin: 2, hz: 100, resolutionBits })).toThrow("8 to 14");
			}
			expect(() => hardware.pwm({ pin: 2, hz: 100_000, resolutionBits: 14 })).toThrow("no timer");
			const pwm = hardware.pwm({ pin: 2, hz: 1_000, resolutionBits: 8 });
			for (const duty of [-0.1, 1.1, Number.NaN]) expect(() => pwm.write(duty)).toThrow(`${duty} is no duty`);
			pwm.write(0.5);
			expect(hardware.pins.at(2).value).toBe(128 / 255);
		});
	});

	describe("serial", () => {
		it("carries bytes both ways, and says when there is no room", () => {
			const heard: number[][] = [];
			const handler = { onSerial: (bytes: Uint8Array, count: number) => void heard.push([...bytes.slice(0, count)]) };
			const options = { port: 1, receive: 16, transmit: 17, baud: 9_600 };
			const port = board.hardware.serial(options, handler);
			const far = board.hardware.serialAt(1);
			expect(far.baud).toBe(9_600);
			const again = { ...options, receive: 18, transmit: 19 };
			expect(() => board.hardware.serial(again, handler)).toThrow("serial port 1 is in use");
			expect(() => board.hardware.serial({ ...again, port: 2, transmit: 17 }, handler)).toThrow("pin 17 is in use");
			expect(board.hardware.pins.inUse().map((pin) => pin.number)).toEqual([16, 17]);
			far.send(Uint8Array.of(1, 2));
			expect(heard).toEqual([]);
			board.world.advance(0);
			expect(heard).toEqual([[1, 2]]);
			expect(port.write(Uint8Array.of(3))).toBe(true);
			far.full = true;
			expect(port.write(Uint8Array.of(4))).toBe(false);
			expect(far.sent).toEqual([3]);
			far.send(Uint8Array.of(9)); // on its way when the port is closed
			port.close();
			board.world.advance(0);
			expect(heard).toHaveLength(1);
			expect(() => port.write(Uint8Array.of(5))).toThrow("serial port 1 was closed");
			expect(board.hardware.pins.inUse()).toEqual([]);
		});
	});

	it("takes everything from the firmware at a restart, and keeps the world", () => {
		const { hardware } = board;
		const socket = hardware.attach(new EchoChip(), PLACE);
		const before = hardware.i2c(OPTIONS);
		hardware.digitalOutput({ pin: 5, initial: 1 });
		hardware.pins.at(34).fraction = 0.25;
		hardware.reset();
		expect(hardware.pins.inUse()).toEqual([]);
		expect(() => before.read(new Uint8Array(1))).toThrow("was closed");
		expect(hardware.sockets()).toEqual([socket]);
		expect(hardware.pins.at(34).fraction).toBe(0.25);
		hardware.i2c(OPTIONS).close();
	});
});
