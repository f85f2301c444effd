export type Listener = (value: unknown) => void;

/** What mqtt-packet's parser uses of Node's EventEmitter: one value to every listener, in the order they came. */
export class EventEmitter {
	private names: string[] = [];
	private listeners: Listener[] = [];

	on(name: string, listener: Listener): this {
		this.names.push(name);
		this.listeners.push(listener);
		return this;
	}

	/** False when nobody listens; an "error" that nobody listens to is thrown, as in Node. */
	emit(name: string, value: unknown): boolean {
		let heard = false;
		for (let index = 0; index < this.names.length; index++) {
			if (this.names[index] !== name) continue;
			heard = true;
			this.listeners[index]?.(value);
		}
		if (!heard && name === "error") throw value;
		return heard;
	}
}
