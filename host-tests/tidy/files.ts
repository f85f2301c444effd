import ts from "typescript";
import { TESTED_ELSEWHERE } from "./exceptions.js";
import { importsOf } from "./imports.js";
import { at, eachSource, type Outcome, type Rule } from "./rule.js";
import { type Source, type Tree, walk } from "./tree.js";

const WITH_TWINS = ["model", "mqtt", "net", "runtime", "drivers", "security", "update", "trust"].map(
	(folder) => `firmware/${folder}/`,
);
const CHOSEN = ["firmware/drivers/", "firmware/cloud/", "firmware/trust/envelopes.ts"];
const ALIASES = "firmware/mqtt/standins/aliases.json";

function checkDocs(source: Source): string[] {
	return source.ast.statements
		.filter((statement) => ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
		.filter((statement) => {
			const isExported = ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
			return isExported && ts.getJSDocCommentsAndTags(statement).length === 0;
		})
		.map((statement) => at(source, statement, `${statement.name?.text} says nothing about what it is for`));
}

/** Whether a file does anything, rather than declare and list. */
function behaves({ ast, path }: Source): boolean {
	if (path.endsWith(".d.ts")) return false;
	let found = false;
	walk(ast, (node) => {
		found ||= ts.isFunctionLike(node) && (node as ts.FunctionDeclaration).body !== undefined;
	});
	return found;
}

function twinOf(path: string): string {
	return path.replace(/^firmware\//, "host-tests/").replace(/\.ts$/, ".test.ts");
}

/** What behaves and has no test at the same place. */
function withoutTwin(tree: Tree): { readonly looked: number; readonly alone: readonly string[] } {
	const sources = tree.under(...WITH_TWINS).filter(behaves);
	return { looked: sources.length, alone: sources.map(({ path }) => path).filter((path) => !tree.has(twinOf(path))) };
}

function checkTwins(tree: Tree, elsewhere: ReadonlyMap<string, string>): Outcome {
	const { looked, alone } = withoutTwin(tree);
	const untested = alone.filter((path) => !elsewhere.has(path));
	return { looked, findings: untested.map((path) => `${path}: nothing tests it: ${twinOf(path)} is missing`) };
}

function checkElsewhere(tree: Tree, elsewhere: ReadonlyMap<string, string>): Outcome {
	const { looked, alone } = withoutTwin(tree);
	const findings: string[] = [];
	for (const [path, test] of elsewhere) {
		if (!alone.includes(path)) findings.push(`TESTED_ELSEWHERE: "${path}" is no longer needed: take it out`);
		else if (!reachable(tree, [test]).has(path)) findings.push(`TESTED_ELSEWHERE: ${test} does not import ${path}`);
	}
	return { looked, findings };
}

/** Every file that these import, and what those import, and so on. */
function reachable(tree: Tree, entries: readonly string[]): Set<string> {
	const byPath = new Map(tree.sources.map((source) => [source.path, source]));
	const seen = new Set<string>();
	const next = [...entries];
	for (let path = next.pop(); path !== undefined; path = next.pop()) {
		const source = byPath.get(path);
		if (source === undefined || seen.has(path)) continue;
		seen.add(path);
		for (const { specifier } of importsOf(source)) {
			const target = specifier.startsWith(".") ? tree.resolve(path, specifier) : undefined;
			if (target !== undefined) next.push(target);
		}
	}
	return seen;
}

/** Where programs begin: on the chip, in a simulator, on the PC, and in tests. */
function entriesOf(tree: Tree): string[] {
	const aliases = JSON.parse(tree.text(ALIASES) ?? "{}") as Record<string, string>;
	return [
		...tree.paths.filter((path) => path === "firmware/main.ts" || /^manifests\/[^/]+\/main\.ts$/.test(path)),
		...tree.paths.filter((path) => path.startsWith("firmware/board/ssl/")), // loaded by the SDK's TLS
		...tree.paths.filter((path) => path === "firmware/update/updates.ts"), // there to be chosen, as drivers are
		...tree.paths.filter((path) => path.startsWith("scripts/") || path.endsWith(".test.ts")),
		...Object.values(aliases).map((path) => tree.resolve(ALIASES, path) ?? path),
	];
}

/** A test alone keeps nothing alive but drivers and the like, which are there to be chosen in a device file. */
function checkDead(tree: Tree): Outcome {
	const entries = entriesOf(tree);
	const used = reachable(
		tree,
		entries.filter((path) => !path.endsWith(".test.ts")),
	);
	const tested = reachable(tree, entries);
	const sources = tree.under("firmware/", "host-tests/virtual/").filter(({ path }) => !path.endsWith(".test.ts"));
	const dead = sources.filter(({ path, text }) => {
		if (path.endsWith(".d.ts")) return !/^declare /m.test(text) && !used.has(path);
		const isOptional = CHOSEN.some((prefix) => path.startsWith(prefix)) || path.startsWith("host-tests/");
		return !(isOptional ? tested : used).has(path);
	});
	return {
		looked: sources.length,
		findings: dead.map(({ path }) => `${path}: no program uses it: take it out`),
	};
}

const MAIN = { "firmware/main.ts": 'import "./runtime/run.js";', "firmware/runtime/run.ts": "" };
const ELSEWHERE = new Map([["firmware/net/a.ts", "host-tests/net/b.test.ts"]]);
const BEHAVES = "export function f() { return 1; }";

export const fileRules: readonly Rule[] = [
	{
		name: "what firmware exports says what it is for",
		check: eachSource((path) => path.startsWith("firmware/") && !path.endsWith(".d.ts"), checkDocs),
		planted: [
			[{ "firmware/model/a.ts": "export function f() {}" }, "f says nothing"],
			[{ "firmware/board/a.ts": "// Not a docstring.\nexport class A {}" }, "A says nothing"],
			[{ "firmware/net/a.ts": "/** A. */\nconst a = 1;\nexport abstract class B {}" }, "B says nothing"],
		],
		innocent: [{ "firmware/model/a.ts": "/** Adds. */\nexport function f() {}\nfunction own() {}" }],
	},
	{
		name: "every file that does something has its tests at the same place",
		check: (tree, isWhole) => checkTwins(tree, isWhole ? TESTED_ELSEWHERE : new Map()),
		planted: [
			[{ "firmware/model/a.ts": BEHAVES }, "host-tests/model/a.test.ts is missing"],
			[{ "firmware/runtime/entities/a.ts": "export class A { f() {} }" }, "host-tests/runtime/entities/a.test.ts"],
			[{ "firmware/drivers/a.ts": "export const a = { open: () => 1 };" }, "host-tests/drivers/a.test.ts"],
		],
		innocent: [
			{ "firmware/model/a.ts": BEHAVES, "host-tests/model/a.test.ts": "" },
			{ "firmware/model/a.ts": "export interface A { f(): void } export const B = 1;" },
			{ "firmware/board/a.ts": BEHAVES },
		],
	},
	{
		name: "what is tested elsewhere is tested there, for as long as there is no better place",
		check: (tree, isWhole) => checkElsewhere(tree, isWhole ? TESTED_ELSEWHERE : ELSEWHERE),
		planted: [
			[{ "firmware/net/a.ts": BEHAVES, "host-tests/net/b.test.ts": "" }, "does not import firmware/net/a.ts"],
			[{ "firmware/net/a.ts": BEHAVES, "host-tests/net/a.test.ts": "" }, "no longer needed"],
		],
		innocent: [{ "firmware/net/a.ts": BEHAVES, "host-tests/net/b.test.ts": 'import "../../firmware/net/a.js";' }],
	},
	{
		name: "no file is dead",
		check: checkDead,
		planted: [
			[{ ...MAIN, "firmware/runtime/b.ts": "" }, "firmware/runtime/b.ts: no program"],
			[
				{ ...MAIN, "firmware/model/a.ts": 'import "./b.js";', "firmware/model/b.ts": "" },
				"firmware/model/b.ts: no program",
			],
			[
				{ ...MAIN, "firmware/net/a.ts": "", "host-tests/net/a.test.ts": 'import "../../firmware/net/a.js";' },
				"net/a.ts",
			],
			[{ ...MAIN, "firmware/drivers/a.ts": "" }, "firmware/drivers/a.ts: no program"],
			[{ ...MAIN, "host-tests/virtual/a.ts": "" }, "host-tests/virtual/a.ts: no program"],
		],
		innocent: [
			{ ...MAIN, "firmware/drivers/a.ts": "", "host-tests/drivers/a.test.ts": 'import "../../firmware/drivers/a.js";' },
			{ "firmware/main.ts": 'import type { A } from "./ports/a.js";', "firmware/ports/a.ts": "export interface A {}" },
			{ [ALIASES]: '{"bl":"./bl.ts"}', "firmware/mqtt/standins/bl.ts": "" },
		],
	},
];
