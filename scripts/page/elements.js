// @ts-check

/**
 * Makes an element. Text goes in as text, never as HTML: it may come from anybody who can publish.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean>} [attributes] `text` sets the content, `true` an empty attribute
 * @param {readonly (Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, children = []) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (name === "text") made.textContent = String(value);
		else if (value !== false) made.setAttribute(name, value === true ? "" : String(value));
	}
	made.append(...children);
	return made;
}

/**
 * A name from a topic or a device file as words: `air-temperature` and `airTemperature` become "Air temperature".
 * @param {string} name
 */
export function words(name) {
	const plain = name
		.replace(/([a-z])([A-Z])/g, "$1 $2")
		.replace(/[-_]+/g, " ")
		.toLowerCase();
	return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/**
 * A toggle that says what it is to everybody.
 * @param {string} label
 * @param {(on: boolean) => void} onTurn called with the state asked for
 */
export function toggle(label, onTurn) {
	const node = element("button", { type: "button", role: "switch", "aria-checked": "false", class: "toggle" }, [
		element("span", { class: "knob" }),
	]);
	node.setAttribute("aria-label", label);
	node.addEventListener("click", () => onTurn(node.getAttribute("aria-checked") !== "true"));
	return node;
}

/**
 * A slider with its value beside it. Whatever is set from outside waits while somebody moves it.
 * @param {{ label: string, min: number, max: number, step: number, show: (value: number) => string }} options
 * @param {"input" | "change"} when told while moving, or at the end of it
 * @param {(value: number) => void} onTurn
 */
export function slider({ label, min, max, step, show }, when, onTurn) {
	const input = element("input", { type: "range", min, max, step, "aria-label": label });
	const output = element("output");
	let moving = false;
	const tell = () => {
		output.textContent = show(Number(input.value));
		input.setAttribute("aria-valuetext", output.textContent);
		const share = (Number(input.value) - min) / (max - min);
		input.style.setProperty("--share", `${100 * share}%`);
	};
	input.addEventListener("input", tell);
	input.addEventListener("pointerdown", () => {
		moving = true;
	});
	for (const end of ["pointerup", "pointercancel", "change"]) input.addEventListener(end, () => (moving = false));
	input.addEventListener(when, () => onTurn(Number(input.value)));
	const node = element("label", { class: "slider" }, [element("span", { text: label }), input, output]);
	/** @param {number} value */
	const set = (value) => {
		if (moving || Number(input.value) === value) return void tell();
		input.value = String(value);
		tell();
	};
	return { node, input, set };
}

/**
 * Puts `node` into the box for `key`, in alphabetical order of the keys.
 * @param {HTMLElement} box
 * @param {HTMLElement} node
 * @param {string} key
 */
export function insertSorted(box, node, key) {
	box.querySelector(".empty")?.remove();
	node.dataset.key = key;
	const after = [...box.children].find((other) => other instanceof HTMLElement && (other.dataset.key ?? "") > key);
	box.insertBefore(node, after ?? null);
}
