import { describe, expect, it } from "vitest";
import { RecordingEntry } from "../contracts/entry.js";
import { VirtualBoard } from "./board.js";
import { SntpServer } from "./sntp-server.js";
import { World } from "./world.js";

describe("VirtualUdp", () => {
	function ask(prepare: (board: VirtualBoard) => void, times = 1): number[] {
		const board = new VirtualBoard({ world: new World(5) });
		board.attach(new RecordingEntry());
		board.network.start({ onNetwork: () => undefined });
		board.world.advance(1_000);
		const server = new SntpServer(board.internet, "10.0.0.123");
		const answers: number[] = [];
		const udp = board.network.udp({
			onDatagram(bytes, count, address, port) {
				const seconds = new DataView(bytes.buffer).getUint32(40);
				answers.push(count, seconds - 2_208_988_800 - Math.floor(board.world.trueMs / 1_000));
				expect([address, port, (bytes[0] as number) & 7]).toEqual(["10.0.0.123", 123, 4]);
			},
		});
		prepare(board);
		for (let time = 0; time < times; time++) {
			const request = new Uint8Array(48).fill(7, 40);
			request[0] = 0x23; // version 4, mode 3: client
			udp.write(request, "10.0.0.123", 123);
			board.world.advance(1_000);
		}
		if (answers.length > 0) expect(server.requests).toBeGreaterThan(0);
		udp.close();
		expect(() => udp.write(new Uint8Array(1), "10.0.0.123", 123)).toThrow("the UDP port was closed");
		return answers;
	}

	it("carries datagrams both ways: the true date from a time server", () => {
		expect(ask(() => undefined)).toEqual([48, 0]);
	});

	it("loses them when told to, and in a silent cut", () => {
		expect(ask((board) => board.network.cutSilently())).toEqual([]);
		const answers = ask((board) => Object.assign(board.network, { datagramLoss: 0.5 }), 100).length / 2;
		expect(answers).toBeGreaterThan(10);
		expect(answers).toBeLessThan(40);
	});

	it("throws without a network", () => {
		expect(() => ask((board) => board.network.cut())).toThrow("there is no network");
	});
});
