import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { TransformFailure } from "esbuild";
import { reasonOf } from "../../firmware/model/fault.js";
import { fileReason } from "../file-words.js";
import type { Fail } from "./fields.js";

/** The JSON in a file. What is said of one that is wrong repeats nothing of it: it may hold passwords. */
export function readJson(path: string, fail: Fail): unknown {
	let text: string;
	try {
		text = readFileSync(path, "utf8").replace(/^\ufeff/, ""); // with which some editors of Windows begin a file
	} catch (error) {
		return fail(fileReason(error) ?? reasonOf(error));
	}
	try {
		return JSON.parse(text);
	} catch {
		return fail(`not JSON: ${wrongIn(text)}`);
	}
}

/** Node.js shows what stands around the mistake, and not where it is: the bundler's reader is asked for the place. */
function wrongIn(text: string): string {
	const { transformSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
	try {
		transformSync(text, { loader: "json", logLevel: "silent" });
	} catch (error) {
		const [first] = (error as TransformFailure).errors ?? [];
		const { line = 1, column = 0 } = first?.location ?? {};
		const what = (first?.text ?? "")
			.replace(/ but found .*$/s, "")
			.replace(/^Unexpected "..+"/s, "Unexpected word")
			.replace(" in JSON", "");
		return `line ${line}, column ${column + 1}: ${what}`;
	}
	return "something in it is misspelt";
}
