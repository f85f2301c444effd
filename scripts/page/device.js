// @ts-check
import { makeControl } from "./controls.js";
import { readDocument, readEnvelope, readText } from "./documents.js";
import { element, words } from "./elements.js";
import { Log } from "./log.js";
import { eventLine, healthWords, resultLine } from "./sentences.js";

const ENTITIES_MAX = 200;
const ID = /^[a-z0-9-]{1,40}$/;

/**
 * What takes the owner's keys, which are somewhere else. Both refuse with a plain reason.
 * @typedef {{ canSign: () => Promise<unknown>, sign: (entity: string, value: string) => Promise<string>,
 *   unseal: (topic: string, message: string) => Promise<Uint8Array> }} Keys
 */

/** One device as MQTT tells of it, and nothing else. */
export class DeviceView {
	/**
	 * @param {string} id
	 * @param {(topic: string, payload: string) => void} publish below the device's own topic
	 * @param {Keys} keys
	 */
	constructor(id, publish, keys) {
		this.publish = publish;
		this.keys = keys;
		/** Topics on which something came in an envelope. @type {Set<string>} */
		this.proven = new Set();
		/** @type {Map<string, import("./controls.js").Control>} */
		this.controls = new Map();
		/** States that came before the description. @type {Map<string, string>} */
		this.states = new Map();
		this.online = false;
		this.reachable = false;
		this.boot = -1;
		this.seq = -1;
		this.title = element("h3", { text: words(id) });
		this.pill = element("p", { class: "pill", role: "status", "data-tone": "idle", text: "unknown" });
		this.health = element("p", { class: "health" });
		this.unsigned = element("p", { class: "note", role: "status" });
		this.sealed = element("p", { class: "note", role: "status" });
		this.readings = element("div", { class: "readings" });
		this.switches = element("div", { class: "switches" });
		this.log = new Log("What happened");
		const topic = element("code", { text: `farpin/${id}` });
		this.node = element("article", { class: "card", "aria-label": id }, [
			element("div", { class: "card-head" }, [element("div", {}, [this.title, topic]), this.pill]),
			this.unsigned,
			this.sealed,
			this.readings,
			this.switches,
			element("h4", { text: "Events and results" }),
			this.log.node,
			this.health,
		]);
	}

	/** @param {Record<string, unknown>} about */
	describe(about) {
		const { signed } = about;
		this.title.textContent = String(about.name ?? "");
		this.controls.clear();
		this.readings.replaceChildren();
		this.switches.replaceChildren();
		const entities = Array.isArray(about.entities) ? about.entities.slice(0, ENTITIES_MAX) : [];
		for (const entity of entities) {
			if (typeof entity?.id !== "string" || !ID.test(entity.id) || typeof entity.kind !== "string") continue;
			const isSigned = signed === true || (Array.isArray(signed) && signed.includes(entity.id));
			const control = makeControl(entity, (value) => this.#send(entity.id, value, isSigned));
			this.controls.set(entity.id, control);
			(control.kind === "sensor" ? this.readings : this.switches).append(control.node);
			const state = this.states.get(entity.id);
			if (state !== undefined) control.state(state);
		}
		this.#enable();
		if (signed !== undefined)
			this.keys.canSign().catch((/** @type {Error} */ { message }) => this.#cannotSign(message));
	}

	/** @param {string} why */
	#cannotSign(why) {
		this.unsigned.textContent = `Its commands have to be signed, and ${why}.`;
	}

	/** @param {boolean} reachable whether the page itself has a connection to the broker */
	reach(reachable) {
		this.reachable = reachable;
		this.#enable();
	}

	/**
	 * @param {string} topic below the device's own
	 * @param {Uint8Array} payload
	 */
	hear(topic, payload) {
		if (topic === "status") return this.#status(readText(payload));
		if (topic === "about") return this.#about(payload);
		if (!isHeard(topic)) return;
		const envelope = readEnvelope(payload);
		if (envelope === undefined) return this.#plain(topic, payload);
		this.keys.unseal(topic, envelope).then(
			(content) => {
				this.proven.add(topic);
				this.sealed.textContent = "";
				this.#take(topic, content);
			},
			(/** @type {Error} */ { message }) => {
				this.sealed.textContent = `What this device says cannot be shown: ${message}.`;
			},
		);
	}

	/** Where the device uses envelopes, what comes without one is from somebody else. @param {string} topic @param {Uint8Array} payload */
	#plain(topic, payload) {
		if (this.proven.has(topic)) this.log.add(`Somebody else published to ${topic}: it is not shown`, { tone: "bad" });
		else this.#take(topic, payload);
	}

	/** @param {Uint8Array} payload */
	#about(payload) {
		const content = readDocument(payload);
		if (content !== undefined) this.describe(content);
	}

	/** @param {string} topic @param {Uint8Array} payload */
	#take(topic, payload) {
		if (topic.endsWith("/state")) return this.#state(topic.slice(0, -"/state".length), readText(payload));
		const content = readDocument(payload);
		if (content === undefined) return;
		if (topic === "telemetry") this.#telemetry(content);
		if (topic === "event") this.log.add(...eventLine(content));
		if (topic === "result") this.log.add(...resultLine(content));
		if (topic === "health") this.health.textContent = healthWords(content);
	}

	/** @param {string} entity @param {string} value @param {boolean} isSigned */
	#send(entity, value, isSigned) {
		if (!isSigned) return this.publish(`${entity}/set`, value);
		this.keys.sign(entity, value).then(
			(message) => this.publish(`${entity}/set`, message),
			(/** @type {Error} */ { message }) => this.log.add(`${words(entity)} was not sent: ${message}`, { tone: "bad" }),
		);
	}

	/** @param {string} id @param {string} payload */
	#state(id, payload) {
		if (!ID.test(id) || this.states.size > ENTITIES_MAX) return;
		this.states.set(id, payload);
		this.controls.get(id)?.state(payload);
	}

	/** @param {string} status */
	#status(status) {
		this.online = status === "online";
		this.pill.textContent = status;
		this.pill.dataset.tone = this.online ? "good" : "bad";
		this.#enable();
	}

	/** A command to a device that is not there would be carried out at some later time, or never: none is sent. */
	#enable() {
		const usable = this.online && this.reachable;
		this.node.toggleAttribute("data-offline", !usable);
		for (const { inputs } of this.controls.values()) for (const input of inputs) input.disabled = !usable;
	}

	/** @param {Record<string, unknown>} batch */
	#telemetry({ boot, backlog, samples }) {
		if (typeof boot !== "number" || !Array.isArray(samples)) return;
		const live = backlog === undefined;
		if (live && boot !== this.boot) this.seq = -1;
		if (live) this.boot = boot;
		for (const sample of samples) {
			const { seq, time, values } = sample ?? {};
			if (typeof seq !== "number" || (live && seq <= this.seq)) continue; // delivered twice: (device, boot, seq) tells
			if (live) this.seq = seq;
			else if (typeof time !== "number") continue; // what is old and without a time has no place in the plot
			const timeMs = typeof time === "number" ? time : Date.now();
			for (const [id, value] of Object.entries(values ?? {})) {
				if (typeof value === "number") this.controls.get(id)?.sample?.(timeMs, value);
			}
		}
	}
}

/** @param {string} topic */
function isHeard(topic) {
	return topic.endsWith("/state") || ["telemetry", "event", "result", "health"].includes(topic);
}
