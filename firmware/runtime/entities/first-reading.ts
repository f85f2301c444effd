import type { BinaryInput } from "../../model/inputs.js";

/** The state of an input that was just opened. Throws when it cannot be read; nothing stays open then. */
export function firstReading(input: BinaryInput): boolean {
	try {
		return input.active();
	} catch (error) {
		input.close();
		throw error;
	}
}
