// @ts-check
import { element, insertSorted, toggle, words } from "./elements.js";
import { Log } from "./log.js";
import { makePart } from "./parts.js";

const AGAIN_MS = 2_000;

/**
 * @typedef {{ waiting: number, stored: number, dropped: number }} ClassReport
 * What the server tells of one virtual board.
 * @typedef {{ id: string, link: { state: string, words: string, lastError?: string }, network: boolean,
 *   outbox?: { event: ClassReport, telemetry: ClassReport }, parts: import("./parts.js").PartState[], lines: string[] }} BenchState
 * @typedef {(wish: Record<string, unknown>) => void} Ask
 */

/** The line to the virtual hardware: JSON over a WebSocket of the page's own server, no MQTT. */
export class BenchLink {
	/**
	 * @param {HTMLElement} box
	 * @param {string} token
	 */
	constructor(box, token) {
		this.box = box;
		this.token = token;
		/** @type {Map<string, Board>} */
		this.boards = new Map();
	}

	open() {
		const socket = new WebSocket(`ws://${location.host}/bench`);
		socket.addEventListener("open", () => socket.send(JSON.stringify({ token: this.token })));
		socket.addEventListener("message", ({ data }) => this.#show(JSON.parse(data), socket));
		socket.addEventListener("close", () => {
			this.box.setAttribute("data-away", "");
			setTimeout(() => this.open(), AGAIN_MS);
		});
	}

	/**
	 * @param {BenchState[]} states
	 * @param {WebSocket} socket
	 */
	#show(states, socket) {
		this.box.removeAttribute("data-away");
		for (const state of states) {
			let board = this.boards.get(state.id);
			if (board === undefined) {
				board = new Board(state.id);
				this.boards.set(state.id, board);
				insertSorted(this.box, board.node, state.id);
			}
			board.ask = (wish) => socket.send(JSON.stringify({ device: state.id, ...wish }));
			board.show(state);
		}
	}
}

/** How full the outbox looks when this many wait: ten minutes of the reference device. */
const OUTBOX_SCALE = 120;

/**
 * What waits for the broker, in words. While the broker is there, samples gather for the next batch and wait for nothing else.
 * @param {ClassReport} event
 * @param {ClassReport} telemetry
 * @param {boolean} online
 */
function outboxWords(event, telemetry, online) {
	const waiting = event.waiting + telemetry.waiting;
	const dropped = event.dropped + telemetry.dropped;
	const kinds = `${event.waiting} events, ${telemetry.waiting} samples`;
	const stored = `${event.stored + telemetry.stored} of them in flash`;
	const gathers = online && event.waiting + event.stored + telemetry.stored === 0;
	const rest = gathers ? "nothing waits but the next batch" : `${kinds} wait, ${stored}`;
	return `${waiting === 0 ? "nothing waits" : rest}${dropped > 0 ? `; ${dropped} lost` : ""}`;
}

/** One virtual board with what lies around it. */
class Board {
	/** @param {string} id */
	constructor(id) {
		/** @type {Ask} */
		this.ask = () => undefined;
		/** @type {Map<string, import("./parts.js").PartView>} */
		this.parts = new Map();
		this.link = element("p", { class: "pill", role: "status", "data-tone": "wait" });
		this.network = toggle("Network", (up) => this.ask({ network: up ? "restore" : "cut" }));
		this.networkWord = element("span", { class: "hint" });
		this.outbox = element("meter", { min: 0, max: OUTBOX_SCALE, value: 0, "aria-label": "Outbox" });
		this.outboxWord = element("span", { class: "hint", role: "status" });
		this.place = element("div", { class: "parts" });
		this.log = new Log("The board's console");
		this.node = element("article", { class: "card", "aria-label": `Bench of ${id}` }, [
			element("div", { class: "card-head" }, [element("h3", { text: words(id) }), this.link]),
			element("div", { class: "control network" }, [
				element("span", { class: "name", text: "Network cable" }),
				this.networkWord,
				this.network,
			]),
			element("div", { class: "control network" }, [
				element("span", { class: "name", text: "Outbox" }),
				this.outboxWord,
				this.outbox,
			]),
			this.place,
			element("h4", { text: "Console of the board" }),
			this.log.node,
		]);
	}

	/** @param {BenchState} state */
	show({ link, network, outbox, parts, lines }) {
		this.link.textContent = link.words;
		this.link.dataset.tone = link.state === "online" ? "good" : network ? "wait" : "bad";
		this.network.setAttribute("aria-checked", String(network));
		this.networkWord.textContent = network ? "plugged in" : "cut";
		if (outbox !== undefined) {
			this.outbox.value = outbox.event.waiting + outbox.telemetry.waiting;
			this.outboxWord.textContent = outboxWords(outbox.event, outbox.telemetry, link.state === "online");
		}
		for (const part of parts) {
			let view = this.parts.get(part.key);
			if (view === undefined) {
				view = makePart(part, (turn, value) => this.ask({ part: part.key, turn, value }));
				this.parts.set(part.key, view);
				this.place.append(view.node);
			}
			view.show(part);
		}
		for (const line of lines) this.log.add(line, { time: false });
	}
}
