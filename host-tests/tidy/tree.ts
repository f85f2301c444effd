import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import ts from "typescript";

export const ROOT = resolve(import.meta.dirname, "../..");

/** What is nobody's to tidy: made by machines, or of others. */
const FOREIGN = ["node_modules", "build", ".farpin", ".git"];
const SOURCE = /\.(ts|js|mjs)$/;

/** The compiler's own declarations, parsed once for all trees. */
const libraries = new Map<string, ts.SourceFile>();

/** One program file, parsed. */
export interface Source {
	/** From the root of the repository, with forward slashes. */
	readonly path: string;
	readonly text: string;
	readonly ast: ts.SourceFile;
}

/** Files, from disk or planted: what the rules look at. */
export class Tree {
	readonly sources: readonly Source[];
	private readonly texts: ReadonlyMap<string, string>;
	private made: ts.Program | undefined;

	/** `texts` by path. */
	constructor(texts: ReadonlyMap<string, string>) {
		this.texts = texts;
		this.sources = [...texts]
			.filter(([path]) => SOURCE.test(path))
			.map(([path, text]) => ({ path, text, ast: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) }));
	}

	get paths(): string[] {
		return [...this.texts.keys()];
	}

	has(path: string): boolean {
		return this.texts.has(path);
	}

	text(path: string): string | undefined {
		return this.texts.get(path);
	}

	/** The program files below a folder. */
	under(...prefixes: string[]): Source[] {
		return this.sources.filter(({ path }) => prefixes.some((prefix) => path.startsWith(prefix)));
	}

	/** The path that a relative specifier in `from` means; undefined when there is no such file. */
	resolve(from: string, specifier: string): string | undefined {
		const path = posix.join(posix.dirname(from), specifier);
		return [path.replace(/\.js$/, ".ts"), path.replace(/\.js$/, ".d.ts"), path].find((one) => this.has(one));
	}

	/** The firmware with its types, the board left out: that one knows other globals. */
	get program(): ts.Program {
		this.made ??= this.makeProgram();
		return this.made;
	}

	private makeProgram(): ts.Program {
		const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
		const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT);
		const host = ts.createCompilerHost(options);
		const own = (name: string) => this.texts.get(posix.relative(ROOT, name));
		const { fileExists, readFile, getSourceFile } = host;
		host.fileExists = (name) => own(name) !== undefined || (isForeign(name) && fileExists(name));
		host.readFile = (name) => own(name) ?? readFile(name);
		host.getSourceFile = (name, target, ...rest) => {
			const text = own(name);
			if (text !== undefined) return ts.createSourceFile(name, text, target, true);
			const known = libraries.get(name) ?? getSourceFile(name, target, ...rest);
			if (known !== undefined) libraries.set(name, known);
			return known;
		};
		const roots = this.under("firmware/").filter(({ path }) => isPortable(path));
		return ts.createProgram({ rootNames: roots.map(({ path }) => join(ROOT, path)), options, host });
	}
}

/** Firmware that knows nothing of any platform. */
export function isPortable(path: string): boolean {
	return path.startsWith("firmware/") && !path.startsWith("firmware/board/") && path !== "firmware/main.ts";
}

function isForeign(name: string): boolean {
	return !name.startsWith(ROOT) || name.startsWith(join(ROOT, "node_modules"));
}

/** A planted tree: texts by path. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
	return new Tree(new Map(Object.entries(files)));
}

/** Every file of the repository as it is on disk. */
export function readTree(): Tree {
	const texts = new Map<string, string>();
	const walk = (folder: string): void => {
		for (const name of readdirSync(join(ROOT, folder))) {
			const path = posix.join(folder, name);
			if (FOREIGN.includes(path)) continue;
			const stat = statSync(join(ROOT, path));
			if (stat.isDirectory()) walk(path);
			else if (stat.size < 1 << 20) texts.set(path, readFileSync(join(ROOT, path), "utf8"));
		}
	};
	walk("");
	return new Tree(texts);
}

/** The line of a node, for people. */
export function lineOf(source: Source, node: ts.Node): number {
	return source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast)).line + 1;
}

/** Calls `visit` for `node` and everything in it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
	visit(node);
	ts.forEachChild(node, (child) => walk(child, visit));
}
