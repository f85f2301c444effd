// @ts-check

const AGAIN_MS = 2_000;
const WAITING_MAX = 200;
const AWAY = "the server of this page is away";

/**
 * What the server answers: a signed command, the content of a message that was sealed or signed, or why not.
 * @typedef {{ answer?: number, message?: string, payload?: string, why?: string }} Answer
 */

/** The line to whoever has the owner's keys: the page's own server. The keys themselves never come here. */
export class OwnerLink {
	/** @param {string} token */
	constructor(token) {
		this.token = token;
		this.asked = 0;
		/** @type {WebSocket | undefined} */
		this.socket = undefined;
		/** @type {Map<number, { done: (answer: Answer) => void, fail: (error: Error) => void }>} */
		this.waiting = new Map();
		/** Questions from before the line was there. @type {string[]} */
		this.early = [];
	}

	open() {
		const socket = new WebSocket(`ws://${location.host}/owner`);
		socket.addEventListener("open", () => socket.send(JSON.stringify({ token: this.token })));
		socket.addEventListener("message", ({ data }) => this.#hear(socket, JSON.parse(data)));
		socket.addEventListener("close", () => {
			this.socket = undefined;
			this.early = [];
			for (const { fail } of this.waiting.values()) fail(new Error(AWAY));
			this.waiting.clear();
			setTimeout(() => this.open(), AGAIN_MS);
		});
	}

	/** Kept where there is a key to sign with. */
	canSign() {
		return this.#ask({ can: "sign" });
	}

	/**
	 * The message that sets an entity, signed.
	 * @param {string} device
	 * @param {string} entity
	 * @param {string} value
	 */
	async sign(device, entity, value) {
		return (await this.#ask({ device, entity, value })).message ?? "";
	}

	/**
	 * What is in a message that was sealed or signed.
	 * @param {string} topic the whole of it
	 * @param {string} message
	 */
	async unseal(topic, message) {
		const { payload = "" } = await this.#ask({ topic, message });
		return Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
	}

	/** @param {WebSocket} socket @param {Answer & { ready?: boolean }} said */
	#hear(socket, { ready, answer = 0, ...rest }) {
		if (ready) {
			this.socket = socket;
			for (const text of this.early.splice(0)) socket.send(text);
		}
		const asked = this.waiting.get(answer);
		this.waiting.delete(answer);
		if (rest.why === undefined) asked?.done(rest);
		else asked?.fail(new Error(rest.why));
	}

	/** @param {Record<string, string>} question @returns {Promise<Answer>} */
	#ask(question) {
		return new Promise((done, fail) => {
			if (this.waiting.size >= WAITING_MAX) return fail(new Error(AWAY));
			const ask = ++this.asked;
			this.waiting.set(ask, { done, fail });
			const text = JSON.stringify({ ask, ...question });
			if (this.socket === undefined) this.early.push(text);
			else this.socket.send(text);
		});
	}
}
