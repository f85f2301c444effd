import { describe, expect, it } from "vitest";
import { failing } from "./failing.js";
import { streamContract } from "./stream-contract.js";
import { virtualStreams } from "./virtual-streams.js";

describe("streamContract", () => {
	it("finds a stream that does not copy, forgets its last words, or talks after close", async () => {
		const test = (spoil: (stream: { write: unknown; close: unknown }) => void) =>
			failing(
				streamContract(async () => {
					const environment = await virtualStreams(() => undefined);
					const connect = environment.network.connect.bind(environment.network);
					environment.network.connect = (options, handler) => {
						const stream = connect(options, handler);
						spoil(stream);
						return stream;
					};
					return environment;
				}),
			);
		expect(await test(() => undefined)).toEqual([]);
		expect(await test((stream) => Object.assign(stream, { close: () => undefined }))).toContain(
			"tells nothing after close",
		);
		expect(
			await test((stream) => {
				const { write } = stream as { write: (bytes: Uint8Array, count: number) => boolean };
				Object.assign(stream, { write: (bytes: Uint8Array) => write.call(stream, bytes, bytes.length) });
			}),
		).toContain("copies what it is given, and sends no more than `count`");
		expect(
			await test((stream) => {
				const drop = (): void => (stream as unknown as { drop(): void }).drop();
				Object.assign(stream, { close: drop });
			}),
		).toContain("sends what was written before close");
	});
});
