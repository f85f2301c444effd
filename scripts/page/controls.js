// @ts-check
import { element, slider, toggle, words } from "./elements.js";
import { History } from "./history.js";

/**
 * An entity as `about` describes it. Everything in it comes from outside and may be anything.
 * @typedef {{ id: string, kind: string, unit?: unknown, class?: unknown, model?: unknown, min?: unknown, max?: unknown,
 *   step?: unknown, decimals?: unknown, maxOnMs?: unknown, events?: unknown }} Entity
 * @typedef {(value: string) => void} Send
 * @typedef {{ node: HTMLElement, kind: string, state: (text: string) => void, sample?: (timeMs: number, value: number) => void,
 *   inputs: (HTMLInputElement | HTMLButtonElement)[] }} Control
 */

/**
 * The control for one entity.
 * @param {Entity} entity
 * @param {Send} send publishes to the entity's `set` topic
 * @returns {Control}
 */
export function makeControl(entity, send) {
	switch (entity.kind) {
		case "sensor":
			return makeSensor(entity);
		case "switch":
			return makeSwitch(entity, send);
		case "light":
			return makeLight(entity, send);
		case "number":
			return makeNumber(entity, send);
		case "button":
			return makeButton(entity, send);
		default:
			return makeReadOnly(entity);
	}
}

/**
 * @param {Entity} entity
 * @param {readonly Node[]} children
 */
function row(entity, children) {
	const name = element("span", { class: "name", text: words(entity.id) });
	return element("div", { class: `control ${/^[a-z_]+$/.test(entity.kind) ? entity.kind : ""}` }, [name, ...children]);
}

/** @param {Entity} entity @returns {Control} */
function makeSensor(entity) {
	const value = element("strong", { text: "–" });
	const note = element("span", { class: "unit", text: String(entity.unit ?? "") });
	const history = new History(words(entity.id));
	const reading = element("span", { class: "reading", role: "status", "data-value": entity.id }, [value, note]);
	return {
		node: row(entity, [reading, history.node]),
		kind: "sensor",
		inputs: [],
		state(text) {
			const known = text !== "unavailable" && text !== "";
			value.textContent = known ? text : "–";
			note.textContent = known ? String(entity.unit ?? "") : "no reading";
			reading.toggleAttribute("data-stale", !known);
		},
		sample: (timeMs, number) => history.add(timeMs, number),
	};
}

/** @param {Entity} entity @returns {Control} */
function makeReadOnly(entity) {
	const value = element("span", { class: "pill", role: "status", "data-tone": "idle", text: "–" });
	return {
		node: row(entity, [value]),
		kind: "binary_sensor",
		inputs: [],
		state(text) {
			value.textContent = entity.kind === "binary_sensor" ? meaning(entity, text) : text;
			value.dataset.tone = text === "ON" ? "on" : "idle";
		},
	};
}

/** @param {Entity} entity @param {string} text */
function meaning(entity, text) {
	const opens = ["door", "window", "opening", "garage_door"].includes(String(entity.class));
	if (text === "ON") return opens ? "Open" : "On";
	if (text === "OFF") return opens ? "Closed" : "Off";
	return text;
}

/** @param {Entity} entity @param {Send} send @returns {Control} */
function makeSwitch(entity, send) {
	const knob = toggle(words(entity.id), (on) => send(on ? "ON" : "OFF"));
	const { maxOnMs } = entity;
	const limit =
		typeof maxOnMs === "number" ? [element("span", { class: "hint", text: `at most ${span(maxOnMs)}` })] : [];
	return {
		node: row(entity, [...limit, knob]),
		kind: "switch",
		inputs: [knob],
		state: (text) => knob.setAttribute("aria-checked", String(text === "ON")),
	};
}

/** @param {number} ms */
function span(ms) {
	if (ms >= 3_600_000) return `${+(ms / 3_600_000).toFixed(1)} h`;
	return ms >= 60_000 ? `${+(ms / 60_000).toFixed(1)} min` : `${+(ms / 1000).toFixed(1)} s`;
}

/** @param {Entity} entity @param {Send} send @returns {Control} */
function makeLight(entity, send) {
	const knob = toggle(words(entity.id), (on) => send(on ? "ON" : "OFF"));
	const brightness = slider(
		{ label: "Brightness", min: 0, max: 100, step: 1, show: (value) => `${value} %` },
		"change",
		(value) => send(String(value)),
	);
	return {
		node: row(entity, [knob, brightness.node]),
		kind: "light",
		inputs: [knob, brightness.input],
		state(text) {
			const light = parse(text);
			if (light === undefined) return;
			knob.setAttribute("aria-checked", String(light.state === "ON"));
			if (typeof light.brightness === "number") brightness.set(light.brightness);
		},
	};
}

/** @param {string} text @returns {Record<string, unknown> | undefined} */
export function parse(text) {
	try {
		const value = JSON.parse(text);
		return typeof value === "object" && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}

/** @param {Entity} entity @param {Send} send @returns {Control} */
function makeNumber(entity, send) {
	const { min = "", max = "", step = "any", unit = "" } = entity;
	const input = element("input", {
		type: "number",
		min: String(min),
		max: String(max),
		step: String(step),
		"aria-label": words(entity.id),
	});
	input.addEventListener("change", () => {
		if (input.value !== "" && input.reportValidity()) send(input.value);
	});
	const field = element("span", { class: "field" }, [input, element("span", { class: "unit", text: String(unit) })]);
	return {
		node: row(entity, [field]),
		kind: "number",
		inputs: [input],
		state(text) {
			if (document.activeElement !== input || input.value === "") input.value = text;
		},
	};
}

/** @param {Entity} entity @param {Send} send @returns {Control} */
function makeButton(entity, send) {
	const events = Array.isArray(entity.events) ? entity.events.map(String) : ["press"];
	const buttons = events
		.filter((event) => ["press", "hold"].includes(event))
		.map((event) => {
			const button = element("button", { type: "button", class: "push", text: words(event) });
			button.setAttribute("aria-label", `${words(event)} ${words(entity.id)}`);
			button.addEventListener("click", () => send(event.toUpperCase()));
			return button;
		});
	return {
		node: row(entity, [element("span", { class: "buttons" }, buttons)]),
		kind: "button",
		inputs: buttons,
		state: () => undefined,
	};
}
