// @ts-check
import { element, slider, toggle, words } from "./elements.js";

/**
 * @typedef {{ kind: string, key: string, model?: string, silent?: boolean, fraction?: number, closed?: boolean, on?: boolean,
 *   duty?: number, air?: { temperatureC: number, humidityPercent: number, pressureHpa: number } }} PartState
 * @typedef {{ node: HTMLElement, show: (state: PartState) => void }} PartView
 * @typedef {(turn: string, value: number) => void} Turn
 */

/**
 * One thing on the bench, to turn or to look at.
 * @param {PartState} state
 * @param {Turn} turn
 * @returns {PartView}
 */
export function makePart(state, turn) {
	switch (state.kind) {
		case "air":
			return makeAir(state, turn);
		case "voltage":
			return makeVoltage(state, turn);
		case "button":
			return makeButton(state, turn);
		case "contact":
			return makeContact(state, turn);
		case "coil":
			return makeCoil(state);
		default:
			return makeLamp(state);
	}
}

/**
 * @param {PartState} state
 * @param {string} what
 * @param {readonly Node[]} children
 */
function frame(state, what, children) {
	return element("fieldset", { class: `part ${state.kind}`, "data-part": state.key }, [
		element("legend", {}, [element("b", { text: words(state.key) }), ` ${what}`]),
		...children,
	]);
}

/** @param {PartState} state @param {Turn} turn @returns {PartView} */
function makeAir(state, turn) {
	const make = (
		/** @type {string} */ label,
		/** @type {string} */ knob,
		/** @type {number[]} */ [min = 0, max = 1, step = 1],
		/** @type {string} */ unit,
	) => slider({ label, min, max, step, show: (value) => `${value} ${unit}` }, "input", (value) => turn(knob, value));
	const temperature = make("Temperature", "temperatureC", [-40, 85, 0.1], "°C");
	const humidity = make("Humidity", "humidityPercent", [0, 100, 0.1], "%");
	const pressure = make("Pressure", "pressureHpa", [300, 1100, 0.1], "hPa");
	const plug = toggle(`${words(state.key)} plugged in`, (on) => turn("silent", on ? 0 : 1));
	const wire = element("div", { class: "line" }, [element("span", { text: "Wired to the bus" }), plug]);
	return {
		node: frame(state, `${state.model ?? ""} in this air`, [temperature.node, humidity.node, pressure.node, wire]),
		show({ air, silent }) {
			if (air !== undefined) {
				temperature.set(round(air.temperatureC));
				humidity.set(round(air.humidityPercent));
				pressure.set(round(air.pressureHpa));
			}
			plug.setAttribute("aria-checked", String(silent !== true));
		},
	};
}

/** @param {number} value */
function round(value) {
	return Math.round(value * 10) / 10;
}

/** @param {PartState} state @param {Turn} turn @returns {PartView} */
function makeVoltage(state, turn) {
	const options = {
		label: "Voltage",
		min: 0,
		max: 100,
		step: 0.5,
		show: (/** @type {number} */ value) => `${value} %`,
	};
	const knob = slider(options, "input", (value) => turn("fraction", value / 100));
	return {
		node: frame(state, "voltage at the pin, of full scale", [knob.node]),
		show: ({ fraction = 0 }) => knob.set(round(fraction * 100)),
	};
}

/** @param {PartState} state @param {Turn} turn @returns {PartView} */
function makeButton(state, turn) {
	const button = element("button", { type: "button", class: "plunger", "aria-pressed": "false" }, [
		element("span", { text: "Press" }),
	]);
	button.setAttribute("aria-label", `Press ${words(state.key)}; keep it down to hold`);
	let down = false;
	const set = (/** @type {boolean} */ now) => {
		if (now !== down) turn("closed", now ? 1 : 0);
		down = now;
	};
	button.addEventListener("pointerdown", (event) => {
		button.setPointerCapture(event.pointerId); // let go outside, it is let go as well
		set(true);
	});
	for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"])
		button.addEventListener(end, () => set(false));
	button.addEventListener("keydown", ({ key }) => {
		if (key === " " || key === "Enter") set(true);
	});
	button.addEventListener("keyup", () => set(false));
	return {
		node: frame(state, "push button", [button]),
		show: ({ closed }) => button.setAttribute("aria-pressed", String(closed === true)),
	};
}

/** @param {PartState} state @param {Turn} turn @returns {PartView} */
function makeContact(state, turn) {
	const knob = toggle(`${words(state.key)} contact closed`, (on) => turn("closed", on ? 1 : 0));
	const word = element("span", { class: "hint" });
	return {
		node: frame(state, "contact", [element("div", { class: "line" }, [word, knob])]),
		show({ closed }) {
			knob.setAttribute("aria-checked", String(closed === true));
			word.textContent = closed ? "closed" : "open";
		},
	};
}

/** @param {PartState} state @returns {PartView} */
function makeCoil(state) {
	const picture = element("span", { class: "relay", "aria-hidden": "true" }, [
		element("i", { class: "winding" }),
		element("i", { class: "arm" }),
	]);
	const word = element("output", { text: "released" });
	return {
		node: frame(state, "relay", [element("div", { class: "line" }, [picture, word])]),
		show({ on }) {
			picture.toggleAttribute("data-on", on === true);
			word.textContent = on ? "coil pulled in" : "coil released";
		},
	};
}

/** @param {PartState} state @returns {PartView} */
function makeLamp(state) {
	const bulb = element("span", { class: "led", "aria-hidden": "true" });
	const word = element("output");
	return {
		node: frame(state, "LED", [element("div", { class: "line" }, [bulb, word])]),
		show({ duty = 0 }) {
			bulb.style.setProperty("--light", String(duty ** (1 / 2.2))); // as an eye sees it
			word.textContent = duty === 0 ? "dark" : `${round(duty * 100)} % duty`;
		},
	};
}
