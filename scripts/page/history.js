// @ts-check
import uPlot from "uplot";
import { element } from "./elements.js";

const POINTS_MAX = 720; // two hours at one sample every ten seconds
const HEIGHT = 84;

/** A small plot of one value over time. */
export class History {
	/** @param {string} label */
	constructor(label) {
		this.node = element("div", { class: "plot", role: "img", "aria-label": `History of ${label}` });
		/** @type {number[]} seconds since 1970 */
		this.times = [];
		/** @type {number[]} */
		this.values = [];
		/** @type {uPlot | undefined} */
		this.plot = undefined;
		new ResizeObserver(() => this.#fit()).observe(this.node);
		matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#remake());
	}

	/**
	 * @param {number} timeMs
	 * @param {number} value
	 */
	add(timeMs, value) {
		const time = timeMs / 1000;
		let at = this.times.length; // what waited while the device was away comes behind newer ones
		while (at > 0 && Number(this.times[at - 1]) > time) at--;
		if (this.times[at - 1] === time) return; // delivered twice
		this.times.splice(at, 0, time);
		this.values.splice(at, 0, value);
		if (this.times.length > POINTS_MAX) {
			this.times.shift();
			this.values.shift();
		}
		if (this.plot === undefined) this.#remake();
		else this.plot.setData([this.times, this.values]);
	}

	#fit() {
		const width = this.node.clientWidth;
		if (width > 0 && this.plot !== undefined && this.plot.width !== width) this.plot.setSize({ width, height: HEIGHT });
	}

	#remake() {
		const width = this.node.clientWidth;
		if (width === 0 || this.times.length === 0) return;
		this.plot?.destroy();
		/** @param {string} name */
		const colour = (name) => resolved(this.node, name);
		const axis = { stroke: colour("--quiet"), font: "11px system-ui", ticks: { show: false } };
		const grid = { stroke: colour("--line"), width: 1 };
		this.plot = new uPlot(
			{
				width,
				height: HEIGHT,
				padding: [6, 4, 0, 0],
				legend: { show: false },
				cursor: { show: false },
				scales: { y: { range: (_plot, min, max) => roomAround(min, max) } },
				axes: [
					{ ...axis, size: 20, space: 76, grid: { show: false }, values: (_plot, times) => times.map(timeOfDay) },
					{ ...axis, size: 44, space: 18, grid },
				],
				series: [{}, { stroke: colour("--accent"), width: 2, fill: colour("--accent-faint"), points: { show: false } }],
			},
			[this.times, this.values],
			this.node,
		);
	}
}

/**
 * A steady value is a line in the middle, not noise blown up to the whole height.
 * @param {number} min
 * @param {number} max
 * @returns {[number, number]}
 */
function roomAround(min, max) {
	const room = Math.max((max - min) * 0.15, Math.abs(max) * 0.005, 0.5);
	return [min - room, max + room];
}

/** @param {number} seconds since 1970 */
function timeOfDay(seconds) {
	return new Date(seconds * 1000).toLocaleTimeString([], { hourCycle: "h23" });
}

/**
 * A colour of the style sheet as a canvas understands it: resolved for light or dark.
 * @param {HTMLElement} node
 * @param {string} name
 */
function resolved(node, name) {
	node.style.color = `var(${name})`;
	const { color } = getComputedStyle(node);
	node.style.color = "";
	return color;
}
