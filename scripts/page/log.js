// @ts-check
import { element } from "./elements.js";

const LINES_MAX = 100;

/** A list of what happened, the newest last, that follows its end unless somebody reads further up. */
export class Log {
	/** @param {string} label */
	constructor(label) {
		this.node = element("ol", { class: "log", tabindex: 0, role: "log", "aria-label": label });
	}

	/**
	 * @param {string} text
	 * @param {{ tone?: "bad" | "good", time?: boolean }} [how]
	 */
	add(text, { tone, time = true } = {}) {
		const { node } = this;
		const follows = node.scrollHeight - node.scrollTop - node.clientHeight < 24;
		const line = element("li", tone === undefined ? {} : { "data-tone": tone });
		if (time) line.append(element("time", { text: new Date().toLocaleTimeString([], { hourCycle: "h23" }) }), " ");
		line.append(text);
		node.append(line);
		while (node.childElementCount > LINES_MAX) node.firstElementChild?.remove();
		if (follows) node.scrollTop = node.scrollHeight;
	}
}
