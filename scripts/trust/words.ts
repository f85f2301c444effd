import { Fault } from "../../firmware/model/fault.js";
import { isId } from "../../firmware/model/names.js";

/**
 * The command that the words of a command line stand for: a whole document in JSON, or `pump=ON lamp=40`, or
 * `do=restart`. Values are numbers or objects where they look so, and text otherwise.
 */
export function commandOf(words: readonly string[]): Record<string, unknown> {
	const [first = "", ...more] = words;
	if (first.startsWith("{")) {
		if (more.length > 0)
			throw new Fault("the command", "something follows the document", "put it into quotation marks");
		return documentOf(first);
	}
	const set = new Map<string, unknown>();
	let action: string | undefined;
	for (const word of words) {
		const at = word.indexOf("=");
		const name = word.slice(0, Math.max(at, 0));
		if (!isId(name))
			throw new Fault(word, "this is no command", 'write pump=ON, do=restart, or a document: {"set":{"pump":"ON"}}');
		if (name === "do") action = word.slice(at + 1);
		else set.set(name, valueIn(word.slice(at + 1)));
	}
	return {
		...(set.size === 0 ? {} : { set: Object.fromEntries(set) }),
		...(action === undefined ? {} : { do: action }),
	};
}

function documentOf(text: string): Record<string, unknown> {
	try {
		return JSON.parse(text) as Record<string, unknown>;
	} catch {
		throw new Fault("the command", "it begins like JSON and is none", "put it into single quotation marks");
	}
}

/** What a text stands for: a number or an object where it looks so. */
export function valueIn(text: string): unknown {
	if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
	return text.startsWith("{") ? documentOf(text) : text;
}
