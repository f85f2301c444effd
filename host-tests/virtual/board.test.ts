import { describe, expect, it } from "vitest";
import { VirtualBoard } from "./board.js";

class Recorder {
	readonly panics: string[] = [];
	settled = 0;
	settle(): void {
		this.settled++;
	}
	panic(where: string, error: unknown): void {
		this.panics.push(`${where}: ${error instanceof Error ? error.message : error}`);
	}
}

describe("VirtualBoard", () => {
	it("brings the network up, looks names up, and carries bytes both ways", () => {
		const board = new VirtualBoard();
		const entry = new Recorder();
		board.attach(entry);
		const seen: string[] = [];
		board.internet.names.set("broker.test", "10.0.0.1");
		board.internet.listen("10.0.0.1", 1883, (connection) => ({
			onData: (bytes, count) => connection.send(bytes.slice(0, count).reverse()),
			onClose: () => seen.push("server: closed"),
		}));
		board.network.start({ onNetwork: () => seen.push(board.network.state) });
		board.world.advance(1_000);
		board.network.resolve("broker.test", { onResolved: (host, address) => seen.push(`${host} is ${address}`) });
		board.world.advance(100);
		const stream = board.network.connect(
			{ address: "10.0.0.1", port: 1883 },
			{
				onOpen: () => stream.write(new Uint8Array([1, 2, 3, 9]), 3),
				onData: (bytes, count) => seen.push(bytes.slice(0, count).join()),
				onWritable: () => undefined,
				onClose: (reason) => seen.push(reason),
			},
		);
		board.world.advance(1_000);
		stream.close();
		board.world.advance(1_000);
		expect(seen).toEqual(["joining", "addressing", "up", "broker.test is 10.0.0.1", "3,2,1", "server: closed"]);
		expect(entry).toMatchObject({ panics: [], settled: 6 });
	});

	it("silences everything of before a restart, and keeps the flash and the world around", () => {
		const board = new VirtualBoard();
		const before = new Recorder();
		board.attach(before);
		board.store.set("boot", "1");
		board.hardware.digitalInput({ pin: 4, pull: "up" }, { onEdge: () => expect.unreachable() });
		const alarm = board.alarm({ onAlarm: () => expect.unreachable() });
		alarm.arm(5_000);
		board.clock.setWallMs(board.world.trueMs);
		let starts = 0;
		board.onRestart = () => {
			starts++;
			board.attach(new Recorder());
		};
		board.restart();
		board.hardware.pins.at(4).press();
		board.world.advance(10_000);
		expect(starts).toBe(1);
		expect(before.settled).toBe(0);
		expect(board.resetReason).toBe("restart");
		expect(board.store.get("boot")).toBe("1");
		expect(board.clock.monotonicMs()).toBe(10_000);
		expect(board.clock.wallMs()).toBeUndefined();
		const input = board.hardware.digitalInput({ pin: 4, pull: "up" }, { onEdge: () => undefined });
		expect(input.read()).toBe(0); // still pressed
	});

	it("is the same board every time, chance included", () => {
		const draw = (): Uint8Array => {
			const bytes = new Uint8Array(16);
			new VirtualBoard().random(bytes);
			return bytes;
		};
		expect(draw()).toEqual(draw());
	});
});
