import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { projectFolder } from "./places.js";

const COMPLAINT = /^(?<file>.+)\((?<line>\d+),(?<column>\d+)\): error TS\d+: (?<what>.*)$/;

/** Where the types in a device file, or in what it imports, do not fit together: a sentence each, as a build would say it. */
export async function typeFaults(file: string): Promise<string[]> {
	const folder = mkdtempSync(join(tmpdir(), "farpin-types-"));
	try {
		const project = {
			extends: resolve(projectFolder, "tsconfig.json"),
			compilerOptions: { allowImportingTsExtensions: true },
			files: [resolve(file)],
			include: [],
		};
		writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
		return (await compile(folder)).split(/\r?\n/).flatMap(sentence);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** What the native compiler prints, which is nothing when all is well. */
function compile(folder: string): Promise<string> {
	const compiler = createRequire(import.meta.url)
		.resolve("native-typescript/package.json")
		.replace("package.json", "bin/tsc");
	return new Promise((done) => {
		const words = [compiler, "-p", folder, "--pretty", "false"];
		execFile(process.execPath, words, { cwd: projectFolder }, (_, output) => done(output));
	});
}

/** A complaint begins with its place; the lines that explain it further are indented. */
function sentence(text: string): string[] {
	const { file, line, column, what } = COMPLAINT.exec(text)?.groups ?? {};
	if (file === undefined) return [];
	const path = relative(process.cwd(), resolve(projectFolder, file));
	return [`${path}, line ${line}, column ${column}: ${what}`];
}
