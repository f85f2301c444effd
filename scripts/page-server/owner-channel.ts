import type { WebSocket } from "ws";
import { reasonOf } from "../../firmware/model/fault.js";
import { isId } from "../../firmware/model/names.js";
import { sameSecret } from "../broker/access.js";
import { allOwnerKeys, type OwnerKey, signingOwnerKey } from "../trust/key-files.js";
import { openMessage } from "../trust/open.js";
import { signCommand } from "../trust/sign.js";
import { valueIn } from "../trust/words.js";

const VALID_S = 60;

/** What the page may ask, numbered by itself. */
interface Question {
	readonly token?: unknown;
	readonly ask?: unknown;
	readonly can?: unknown;
	readonly device?: unknown;
	readonly entity?: unknown;
	readonly value?: unknown;
	readonly topic?: unknown;
	readonly message?: unknown;
}

/**
 * Does for the page what takes the owner's keys, which never leave this process: signs the setting of one entity, and
 * nothing else that a command can do, and opens what devices sealed or signed. Small JSON messages over a WebSocket.
 */
export class OwnerChannel {
	readonly #keyFolder: string;
	readonly #token: string;
	readonly #root: string;
	readonly #pages = new WeakSet<WebSocket>();

	/** `root` is the first level of every topic. */
	constructor(keyFolder: string, token: string, root: string) {
		this.#keyFolder = keyFolder;
		this.#token = token;
		this.#root = root;
	}

	/** One page came. Its first message must show the token. */
	join(page: WebSocket): void {
		page.on("error", () => page.terminate());
		page.on("message", (data) => this.#hear(page, String(data)));
	}

	#hear(page: WebSocket, text: string): void {
		try {
			const question = JSON.parse(text) as Question;
			if (typeof question !== "object" || question === null) throw new Error("no object");
			if (this.#pages.has(page)) page.send(JSON.stringify(this.#answer(question)));
			else this.#admit(page, question);
		} catch {
			page.close(1008, "not understood");
		}
	}

	#admit(page: WebSocket, { token }: Question): void {
		if (typeof token !== "string" || !sameSecret(token, this.#token)) throw new Error("wrong token");
		this.#pages.add(page);
		page.send(JSON.stringify({ ready: true }));
	}

	#answer({ ask, can, device, entity, value, topic, message }: Question): object {
		if (typeof ask !== "number") throw new Error("not understood");
		try {
			if (can === "sign") return { answer: ask, can: this.#signingKey() !== undefined };
			if (typeof topic === "string" && typeof message === "string")
				return { answer: ask, ...this.#open(topic, message) };
			return { answer: ask, message: this.#sign(String(device), String(entity), String(value)) };
		} catch (error) {
			return { answer: ask, why: reasonOf(error) };
		}
	}

	#sign(device: string, entity: string, value: string): string {
		if (!isId(device) || !isId(entity)) throw new Error("this is no name of a device or an entity");
		const key = this.#signingKey();
		const command = { set: { [entity]: valueIn(value) } };
		return signCommand(key, { device, command, nowMs: Date.now(), validS: VALID_S });
	}

	#signingKey(): OwnerKey {
		const key = signingOwnerKey(allOwnerKeys(this.#keyFolder));
		if (key !== undefined) return key;
		throw new Error(
			"no key to sign with is on this computer (`npx farpin key` makes one, which the device has to be told)",
		);
	}

	#open(topic: string, message: string): object {
		if (!topic.startsWith(`${this.#root}/`)) throw new Error("this is no topic of a device");
		const { payload, proof } = openMessage(Buffer.from(message), topic, allOwnerKeys(this.#keyFolder));
		return { payload: payload.toString("base64"), proof };
	}
}
