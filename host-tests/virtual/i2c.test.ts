import { beforeEach, describe, expect, it } from "vitest";
import { VirtualBoard } from "./board.js";
import { EchoChip } from "./echo-chip.js";

const PLACE = { data: 21, clock: 22, address: 0x40 };
const OPTIONS = { ...PLACE, hz: 100_000 };

describe("VirtualBus", () => {
	let board: VirtualBoard;

	beforeEach(() => {
		board = new VirtualBoard();
	});

	it("carries transactions to the chip at the address", () => {
		board.hardware.attach(new EchoChip(), PLACE);
		const chip = board.hardware.i2c(OPTIONS);
		const into = new Uint8Array(2);
		chip.writeRead(Uint8Array.of(1, 2), into);
		expect([...into]).toEqual([2, 3]);
		chip.write(Uint8Array.of(7));
		chip.read(into);
		expect([...into]).toEqual([8, 1]);
		chip.close();
		chip.close();
		expect(() => chip.read(into)).toThrow("address 0x40 was closed");
		expect(board.hardware.pins.inUse()).toEqual([]);
	});

	it("shares its pins between chips, and gives them back with the last", () => {
		const first = board.hardware.i2c(OPTIONS);
		const second = board.hardware.i2c({ ...OPTIONS, address: 0x41 });
		expect(() => board.hardware.i2c(OPTIONS)).toThrow("address 0x40 is in use");
		first.close();
		expect(board.hardware.pins.inUse().map(({ use }) => use)).toEqual(["i2c", "i2c"]);
		second.close();
		expect(board.hardware.pins.inUse()).toEqual([]);
	});

	it("fails where nothing answers", () => {
		const chip = board.hardware.i2c({ ...OPTIONS, address: 0x10 });
		expect(() => chip.write(Uint8Array.of(1))).toThrow("write failed at address 0x10: nothing there");
		const socket = board.hardware.attach(new EchoChip(), PLACE);
		const echo = board.hardware.i2c(OPTIONS);
		socket.silent = true;
		expect(() => echo.read(new Uint8Array(1))).toThrow("read failed at address 0x40: no answer");
		socket.silent = false;
		socket.failAt(1);
		echo.read(new Uint8Array(1));
		expect(() => echo.read(new Uint8Array(1))).toThrow("no answer");
		echo.read(new Uint8Array(1));
		expect(socket).toMatchObject({ transactions: 4, failures: 2 });
	});

	it("refuses what no bus can do", () => {
		const { hardware } = board;
		for (const address of [0x07, 0x78, 1.5])
			expect(() => hardware.i2c({ ...OPTIONS, address })).toThrow("is no address");
		expect(() => hardware.i2c({ ...OPTIONS, hz: 0 })).toThrow("0 Hz");
		hardware.attach(new EchoChip(), PLACE);
		expect(() => hardware.attach(new EchoChip(), PLACE)).toThrow("two chips at address 0x40");
		const chip = hardware.i2c(OPTIONS);
		expect(() => chip.write(new Uint8Array(0))).toThrow("nothing to transfer");
	});
});
