import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bench, hex } from "./bench.js";
import { CHUNKINGS, cut, cutAt } from "./chunkings.js";
import { CORPUS, type Malformed } from "./malformed-corpus.js";
import { serverPacket } from "./packets.js";
import { reference } from "./reference.js";

/** A session to which the bytes of the corpus mean what the corpus says. */
function prepare(when: Malformed["when"], version: 4 | 5): Bench {
	if (when === "connecting") {
		const bench = new Bench().open(version);
		bench.stream.take();
		return bench;
	}
	const bench = new Bench().online(version);
	bench.session.publish("t", "", 1, false, 1);
	bench.session.subscribe(["s"], 1);
	bench.stream.take();
	return bench;
}

const GOOD = 'd0 00 30 05 00 01 "t" 00 00';

describe(`${CORPUS.length} malformed sequences`, () => {
	for (const { what, when, version, bytes, code } of CORPUS)
		for (const spoken of version === undefined ? ([4, 5] as const) : [version])
			it(`MQTT ${spoken}, ${when}: ${what}`, () => {
				const reasons = new Set<string>();
				for (const chunking of CHUNKINGS) {
					// What follows a fault must change nothing.
					for (const after of ["", GOOD, GOOD.repeat(40)]) {
						const bench = prepare(when, spoken);
						for (const chunk of cut(hex(`${bytes} ${after}`), chunking)) bench.receive(chunk);
						// Cut short at the end of what arrived is no fault yet: only what follows shows it.
						const [end] = bench.handler.ends;
						if (after === "" && end === undefined) continue;
						expect(end?.kind, `${chunking}, followed by ${after.length}`).toBe("protocol");
						reasons.add(end?.reason ?? "");
						expect(bench.handler.calls.filter((call) => call.startsWith("message"))).toEqual([]);
						const said = when === "online" && spoken === 5 ? [`e0 02 ${code.toString(16)} 00`] : [];
						expect(bench.stream.take()).toEqual(said);
						expect(bench.stream.closed).toBe(1);
						expect(bench.session.state).toBe("closed");
						expect(bench.session.dueMs).toBe(Number.POSITIVE_INFINITY);
					}
				}
				expect([...reasons]).toEqual([expect.stringMatching(/^The broker broke the MQTT protocol: /)]);
			});
});

/** Everything that can be seen of a session. */
function play(version: 4 | 5, chunks: readonly Uint8Array[]): unknown {
	const bench = prepare("online", version);
	for (const chunk of chunks) bench.receive(chunk);
	return {
		calls: bench.handler.calls,
		sent: bench.stream.written,
		closed: bench.stream.closed,
		due: bench.session.dueMs,
	};
}

const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom("change", "insert", "remove") });

/** Good packets with a few bytes changed, put in or taken out. */
function spoiled(version: 4 | 5): fc.Arbitrary<Uint8Array> {
	const good = fc.array(serverPacket(version), { minLength: 1, maxLength: 5 });
	return fc.tuple(good, fc.array(mutation, { maxLength: 3 })).map(([packets, mutations]) => {
		const bytes = packets.flatMap((packet) => [...reference(packet, version)]);
		for (const { at, byte, kind } of mutations) {
			const place = at % bytes.length;
			if (kind === "change") bytes[place] = byte;
			else if (kind === "insert") bytes.splice(place, 0, byte);
			else if (bytes.length > 1) bytes.splice(place, 1);
		}
		return Uint8Array.from(bytes);
	});
}

for (const version of [4, 5] as const)
	describe(`any bytes at all, MQTT ${version}`, () => {
		it("have one outcome, in every chunking, and never an exception", () => {
			fc.assert(
				fc.property(
					fc.oneof(spoiled(version), fc.uint8Array({ maxLength: 40 })),
					fc.array(fc.nat(300)),
					(bytes, places) => {
						const whole = play(version, [bytes]);
						expect(play(version, cutAt(bytes, places))).toEqual(whole);
						expect(play(version, cutAt(bytes, [...bytes.keys()]))).toEqual(whole);
					},
				),
				{ numRuns: 3_000 },
			);
		});

		it("end a session at most once, and leave nothing due then", () => {
			fc.assert(
				fc.property(spoiled(version), (bytes) => {
					const bench = prepare("online", version);
					bench.receive(bytes).receive(bytes);
					expect(bench.handler.ends.length).toBe(bench.session.state === "closed" ? 1 : 0);
					expect(bench.stream.closed).toBe(bench.handler.ends.length);
				}),
				{ numRuns: 2_000 },
			);
		});
	});
