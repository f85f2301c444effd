import { analogInput } from "./drivers/analog-input.js";
import { bme280 } from "./drivers/bme280.js";
import { contact } from "./drivers/contact.js";
import { pushButton } from "./drivers/push-button.js";
import { pwmLed } from "./drivers/pwm-led.js";
import { relay } from "./drivers/relay.js";
import { defineDevice } from "./model/device.js";
import { number } from "./model/number.js";
import { percent } from "./model/quantity.js";
import { when } from "./model/rules.js";
import { i2c, sensor } from "./model/sensor.js";
import { minutes, ms, seconds } from "./model/units.js";

// What is wired where, for an ESP32 development board.
export default defineDevice({
	name: "Greenhouse",
	buses: { main: i2c({ data: 21, clock: 22 }) },
	entities: {
		air: sensor(bme280, { bus: "main", every: seconds(10) }),
		soil: analogInput({ pin: 34, every: seconds(10), as: percent("moisture"), from: [0.8, 0.35] }), // dry, wet
		door: contact({ pin: 33, deviceClass: "door" }),
		pump: relay({ pin: 26, activeLow: true, maxOn: minutes(10), onLinkLost: { after: minutes(5), go: "OFF" } }),
		lamp: pwmLed({ pin: 25 }),
		key: pushButton({ pin: 27, hold: ms(800) }),
		target: number({ min: 5, max: 35, step: 0.5, unit: "°C", initial: 20 }),
	},
	rules: ({ key, pump, lamp }) => [when(key.press, pump.toggle()), when(key.hold, pump.off(), lamp.off())],
});
