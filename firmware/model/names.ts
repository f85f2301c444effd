const ID_LENGTH_MAX = 32; // the wire contract's limit for every name in a topic

/** Whether `id` can stand in a topic: `[a-z0-9-]{1,32}`. */
export function isId(id: string): boolean {
	if (id.length === 0 || id.length > ID_LENGTH_MAX) return false;
	for (const char of id) {
		if (!((char >= "a" && char <= "z") || (char >= "0" && char <= "9") || char === "-")) return false;
	}
	return true;
}

/** `soilMoisture` on the wire: `soil-moisture`. */
export function kebabCase(key: string): string {
	let out = "";
	for (const char of key) {
		const lower = char.toLowerCase();
		if (char === "_") out += "-";
		else out += char === lower || out === "" ? lower : `-${lower}`;
	}
	return out;
}
