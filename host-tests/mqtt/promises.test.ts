import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Life } from "./life.js";

/*
 * What a session promises over any order of publishing, acknowledging, lost connections and power cuts, at a broker that
 * keeps its side: robustness.md's invariants, seen at the broker and at the owner of the messages.
 */

const qos = fc.constantFrom(0, 1, 2) as fc.Arbitrary<0 | 1 | 2>;
const step = fc.oneof(
	{ weight: 5, arbitrary: qos.map((level) => (life: Life) => life.publish(level)) },
	{ weight: 3, arbitrary: qos.map((level) => (life: Life) => life.send(level)) },
	{ weight: 6, arbitrary: fc.nat(9).map((ms) => (life: Life) => life.pass(ms)) },
	{ weight: 1, arbitrary: fc.constant((life: Life) => life.drop()) },
	{ weight: 1, arbitrary: fc.constant((life: Life) => life.cutPower()) },
	{ weight: 1, arbitrary: fc.constant((life: Life) => (life.broker.holdAcks = true)) },
	{ weight: 1, arbitrary: fc.constant((life: Life) => life.broker.releaseAcks()) },
	{
		weight: 1,
		arbitrary: fc.integer({ min: 1, max: 4 }).map((receiveMaximum) => (life: Life) => {
			life.drop();
			life.broker.options.properties = { receiveMaximum, topicAliasMaximum: receiveMaximum - 1 };
		}),
	},
	{
		weight: 2,
		arbitrary: fc.tuple(fc.nat(8), fc.boolean()).map(([ahead, after]) => (life: Life) => {
			life.cutAt = life.actions + 1 + ahead;
			life.cutAfter = after;
		}),
	},
);

/** Each number once, in the order in which it came first. */
function firsts(numbers: readonly number[]): number[] {
	return [...new Set(numbers)];
}

function inOrder(numbers: readonly number[]): number[] {
	return [...numbers].sort((a, b) => a - b);
}

/** Everything that must be so once all is quiet. */
function check(life: Life): void {
	expect(life.settle()).toBe(true);
	expect(life.broker.violations).toEqual([]); // I3, I4, I8: identifiers, window, order of packets
	const [, once, exactly] = life.delivered;
	expect(firsts(once)).toEqual(inOrder(firsts(once))); // I6
	expect(exactly).toEqual(inOrder(firsts(exactly))); // I2: none twice, none out of order
	const [, , effects] = life.effects;
	expect(effects).toEqual(inOrder(firsts(effects)));
}

describe("any order of publish, acknowledge, drop and restart", () => {
	for (const version of [4, 5] as const)
		it(`loses nothing acknowledged and repeats no QoS 2 message, MQTT ${version}`, () => {
			fc.assert(
				fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
					const life = new Life(version);
					const said: [number, number, number] = [0, 0, 0];
					const heard: [number, number, number] = [0, 0, 0];
					life.publish = count(life.publish, said, life);
					life.send = count(life.send, heard, life);
					life.pass(8); // online and subscribed
					for (const act of steps) act(life);
					check(life);
					expect(firsts(life.delivered[1]).length).toBe(said[1]);
					expect(life.delivered[2].length).toBe(said[2]);
					expect(firsts(life.effects[1]).length).toBe(heard[1]);
					expect(life.effects[2].length + life.spoiled).toBe(heard[2]);
				}),
				{ numRuns: 200 },
			);
		});
});

function count(act: (level: 0 | 1 | 2) => void, counts: [number, number, number], life: Life) {
	return (level: 0 | 1 | 2): void => {
		counts[level]++;
		act.call(life, level);
	};
}

/** A little of everything, for a device that is online and subscribed. */
function day(life: Life): void {
	for (const level of [2, 1, 2, 2, 1] as const) life.publish(level);
	for (const level of [2, 1, 2] as const) life.send(level);
	life.pass(3);
	life.drop();
	life.publish(2);
	life.send(2);
	life.pass(20);
}

describe("a power cut at every single step", () => {
	for (const version of [4, 5] as const)
		it(`changes nothing in what is delivered, MQTT ${version}`, () => {
			const whole = new Life(version);
			whole.pass(8);
			const first = whole.actions;
			day(whole);
			check(whole);
			const steps = whole.actions - first;
			expect(steps).toBeGreaterThan(40);
			let spoiled = 0;
			for (let at = 1; at <= steps; at++)
				for (const after of [false, true]) {
					const life = new Life(version);
					life.pass(8);
					life.cutAt = first + at;
					life.cutAfter = after;
					day(life);
					check(life);
					const where = `cut ${after ? "after" : "before"} action ${at} of ${steps}`;
					expect(firsts(life.delivered[1]), where).toEqual([2, 5]);
					expect(life.delivered[2], where).toEqual([1, 3, 4, 6]);
					expect(firsts(life.effects[1]), where).toEqual([2]);
					expect(life.effects[2].length + life.spoiled, where).toBe(3);
					spoiled += life.spoiled;
				}
			// Only between noting a message and its effect is one lost, rather than had twice: two moments for each of three.
			expect(spoiled).toBe(6);
		});
});
