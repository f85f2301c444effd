/** Says what is wrong with the settings, and never returns. */
export type Fail = (what: string) => never;

/** The members of one JSON object, checked as they are taken. */
export class Fields {
	readonly #values: Map<string, unknown>;
	readonly #prefix: string;
	readonly #fail: Fail;

	constructor(json: unknown, prefix: string, fail: Fail) {
		if (typeof json !== "object" || json === null || Array.isArray(json)) {
			fail(`${prefix ? `"${prefix.slice(0, -1)}"` : "the file"} is not an object`);
		}
		this.#values = new Map(Object.entries(json as object));
		this.#prefix = prefix;
		this.#fail = fail;
	}

	/** A member's name, as the owner knows it. */
	name(key: string): string {
		return `"${this.#prefix}${key}"`;
	}

	/** One object, or a list of them in order of preference; none when it is left out. */
	objects(key: string): Fields[] {
		const value = this.#take(key);
		if (value === undefined) return [];
		if (!Array.isArray(value)) return [new Fields(value, `${this.#prefix}${key}.`, this.#fail)];
		if (value.length === 0) this.#fail(`${this.name(key)} is an empty list`);
		return value.map((one, n) => new Fields(one, `${this.#prefix}${key}[${n}].`, this.#fail));
	}

	/** One text, or a list of them in order of preference; none when it is left out. */
	texts(key: string): string[] {
		const value = this.#take(key);
		const all: unknown[] = Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value];
		return all.map((one) =>
			typeof one === "string" && one !== ""
				? one
				: this.#fail(`${this.name(key)} is neither a text nor a list of them`),
		);
	}

	/** Whether it says anything. */
	has(key: string): boolean {
		return this.#values.has(key);
	}

	required(key: string): string {
		return this.optional(key) ?? this.#fail(`${this.name(key)} is missing`);
	}

	optional(key: string): string | undefined {
		const value = this.#take(key);
		if (value === undefined || value === "") return undefined;
		return typeof value === "string" ? value : this.#fail(`${this.name(key)} is not a text`);
	}

	/** True or false; false when it is left out. */
	flag(key: string): boolean {
		const value = this.#take(key) ?? false;
		return typeof value === "boolean" ? value : this.#fail(`${this.name(key)} is not true or false`);
	}

	nothingElse(): void {
		for (const key of this.#values.keys()) this.#fail(`${this.name(key)} is not a setting`);
	}

	#take(key: string): unknown {
		const value = this.#values.get(key);
		this.#values.delete(key);
		return value;
	}
}
