import { describe, expect, it } from "vitest";
import { pwmLed } from "../../firmware/drivers/pwm-led.js";
import type { PwmOptions } from "../../firmware/ports/pins.js";
import { lightContract } from "../contracts/actuator-contract.js";
import { runChecks } from "../contracts/run-checks.js";
import { VirtualBoard } from "../virtual/board.js";

type Duties = readonly (readonly [brightness: number, duty: number])[];

const GAMMA: Duties = [
	[0, 0],
	[0.25, 0.047_4], // 0.25 ** 2.2
	[0.5, 0.217_6],
	[0.75, 0.531_1],
	[1, 1],
];
const LINEAR: Duties = GAMMA.map(([brightness]) => [brightness, brightness] as const);
const inverted = (duties: Duties): Duties => duties.map(([brightness, duty]) => [brightness, 1 - duty] as const);

runChecks("light contract: PWM LED", lightContract({ definition: pwmLed({ pin: 2 }), pin: 2, duties: GAMMA, dark: 0 }));
runChecks(
	"light contract: PWM LED, linear",
	lightContract({ definition: pwmLed({ pin: 2, curve: "linear" }), pin: 2, duties: LINEAR, dark: 0 }),
);
runChecks(
	"light contract: PWM LED, active low",
	lightContract({ definition: pwmLed({ pin: 2, activeLow: true }), pin: 2, duties: inverted(GAMMA), dark: 1 }),
);
runChecks(
	"light contract: PWM LED, linear, active low, 40 kHz",
	lightContract({
		definition: pwmLed({ pin: 2, hz: 40_000, curve: "linear", activeLow: true }),
		pin: 2,
		duties: inverted(LINEAR),
		dark: 1,
	}),
);

describe("pwmLed", () => {
	it("takes the finest steps that the timer has at its frequency", () => {
		const { hardware } = new VirtualBoard();
		const asked: PwmOptions[] = [];
		for (const hz of [500, 1_000, 10_000, 100_000]) {
			const pwm = (options: PwmOptions) => {
				asked.push(options);
				return hardware.pwm(options);
			};
			pwmLed({ pin: 2, hz })
				.open(Object.assign(Object.create(hardware), { pwm }))
				.close();
		}
		expect(asked.map(({ resolutionBits }) => resolutionBits)).toEqual([14, 14, 12, 9]);
	});
});
