// @ts-check
import { makeControl } from "./controls.js";
import { readDocument, readText } from "./documents.js";
import { element, words } from "./elements.js";
import { Log } from "./log.js";

const ENTITIES_MAX = 200;
const ID = /^[a-z0-9-]{1,40}$/;

/** One device as MQTT tells of it, and nothing else. */
export class DeviceView {
	/**
	 * @param {string} id
	 * @param {(topic: string, payload: string) => void} publish below the device's own topic
	 */
	constructor(id, publish) {
		this.publish = publish;
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
		this.readings = element("div", { class: "readings" });
		this.switches = element("div", { class: "switches" });
		this.log = new Log("What happened");
		const topic = element("code", { text: `farpin/${id}` });
		this.node = element("article", { class: "card", "aria-label": id }, [
			element("div", { class: "card-head" }, [element("div", {}, [this.title, topic]), this.pill]),
			this.readings,
			this.switches,
			element("h4", { text: "Events and results" }),
			this.log.node,
			this.health,
		]);
	}

	/** @param {Record<string, unknown>} about */
	describe(about) {
		this.title.textContent = String(about.name ?? "");
		this.controls.clear();
		this.readings.replaceChildren();
		this.switches.replaceChildren();
		const entities = Array.isArray(about.entities) ? about.entities.slice(0, ENTITIES_MAX) : [];
		for (const entity of entities) {
			if (typeof entity?.id !== "string" || !ID.test(entity.id) || typeof entity.kind !== "string") continue;
			const control = makeControl(entity, (value) => this.publish(`${entity.id}/set`, value));
			this.controls.set(entity.id, control);
			(control.kind === "sensor" ? this.readings : this.switches).append(control.node);
			const state = this.states.get(entity.id);
			if (state !== undefined) control.state(state);
		}
		this.#enable();
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
		if (topic.endsWith("/state")) return this.#state(topic.slice(0, -"/state".length), readText(payload));
		if (topic === "status") return this.#status(readText(payload));
		const content = readDocument(payload);
		if (content === undefined) return;
		if (topic === "about") this.describe(content);
		if (topic === "telemetry") this.#telemetry(content);
		if (topic === "event") this.#event(content);
		if (topic === "result") this.#result(content);
		if (topic === "health") this.#health(content);
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

	/** @param {Record<string, unknown>} event */
	#event({ entity, event, to, why, reason }) {
		const name = words(String(entity ?? ""));
		if (event === "changed") this.log.add(`${name} turned ${value(to)}${why === undefined ? "" : ` (${String(why)})`}`);
		else if (event === "fault") this.log.add(`${name} failed: ${String(reason)}`, { tone: "bad" });
		else if (event === "recovered") this.log.add(`${name} works again`, { tone: "good" });
		else this.log.add(`${name}: ${String(event)}`);
	}

	/** @param {Record<string, unknown>} result */
	#result({ id, entity, outcome, reason }) {
		const what = entity === undefined ? `Command ${String(id ?? "")}` : words(String(entity));
		const why = reason === undefined ? "" : `: ${String(reason)}`;
		this.log.add(`${what} ${String(outcome)}${why}`, { tone: outcome === "applied" ? "good" : "bad" });
	}

	/** @param {Record<string, any>} health */
	#health({ uptimeS, reset, link, clock, outbox, refused, stale }) {
		const facts = [`up ${span(Number(uptimeS))} since ${String(reset)}`];
		if (link) facts.push(`connected ${times(link.connects)}, failed ${times(link.failures)}`);
		if (link?.lastError) facts.push(`last error: ${link.lastError}`);
		facts.push(`clock ${String(clock)}`);
		if (outbox) facts.push(`${outbox.waiting} waiting (${outbox.stored ?? 0} in flash), ${outbox.dropped} dropped`);
		if (refused > 0) facts.push(`${refused} refused`);
		if (Array.isArray(stale) && stale.length > 0) facts.push(`silent: ${stale.join(", ")}`);
		this.health.textContent = facts.join(" · ");
	}
}

/** @param {number} seconds */
function span(seconds) {
	if (!(seconds >= 60)) return `${Math.round(seconds)} s`;
	return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** @param {unknown} count */
function times(count) {
	return count === 1 ? "once" : `${String(count)} times`;
}

/** A value of any kind for people; a light's is an object. @param {any} to */
function value(to) {
	if (typeof to !== "object" || to === null) return String(to);
	return to.state === "ON" && typeof to.brightness === "number" ? `ON at ${to.brightness} %` : String(to.state);
}
