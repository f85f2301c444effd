import { analogInput } from "../../firmware/drivers/analog-input.js";
import { bme280 } from "../../firmware/drivers/bme280.js";
import { contact } from "../../firmware/drivers/contact.js";
import { pushButton } from "../../firmware/drivers/push-button.js";
import { pwmLed } from "../../firmware/drivers/pwm-led.js";
import { relay } from "../../firmware/drivers/relay.js";
import { defineDevice } from "../../firmware/model/device.js";
import { number } from "../../firmware/model/number.js";
import { percent } from "../../firmware/model/quantity.js";
import { when } from "../../firmware/model/rules.js";
import { i2c, sensor } from "../../firmware/model/sensor.js";
import { minutes, ms, seconds } from "../../firmware/model/units.js";

/** A device with every kind of part that measures often, so that tests need not wait. */
export default defineDevice({
	name: "Test bench",
	buses: { main: i2c({ data: 21, clock: 22 }) },
	entities: {
		air: sensor(bme280, { bus: "main", every: ms(250) }),
		soil: analogInput({ pin: 34, every: ms(250), as: percent("moisture") }),
		door: contact({ pin: 4, deviceClass: "door" }),
		pump: relay({ pin: 26, activeLow: true, maxOn: minutes(10) }),
		lamp: pwmLed({ pin: 25 }),
		target: number({ min: 5, max: 35, step: 0.5, unit: "°C", initial: 20 }),
		key: pushButton({ pin: 0 }),
	},
	rules: ({ key, pump }) => [when(key.press, pump.toggle())],
	telemetryEvery: seconds(1),
});
