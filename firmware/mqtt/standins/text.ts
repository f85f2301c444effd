import type { Text } from "../../ports/text.js";

let current: Text | undefined;

/** Names the board's UTF-8, which the stand-ins and the codec use from then on. Call before the first packet. */
export function useText(text: Text): void {
	if (current !== text) current = text; // written only on change: on XS the first write moves the variable into RAM
}

/** The board's UTF-8. Throws when `useText` was never called: a programmer error. */
export function currentText(): Text {
	if (current === undefined) throw new Error("mqtt: useText() must come before the first packet");
	return current;
}
