import ts from "typescript";
import { LONG } from "./exceptions.js";
import { at, type Outcome, type Rule } from "./rule.js";
import { type Source, type Tree, walk } from "./tree.js";

const FILE_LINES = 200;
const TEST_LINES = 300;
const FUNCTION_LINES = 40;

function isMeasured(path: string): boolean {
	return ["firmware/", "scripts/", "host-tests/", "manifests/"].some((folder) => path.startsWith(folder));
}

/** Tests tell stories and hold tables: they may be longer, and so may their functions. */
function isTest(path: string): boolean {
	return path.startsWith("host-tests/") && !path.startsWith("host-tests/virtual/");
}

/** One thing that is longer than it may be. */
interface Long {
	readonly key: string;
	readonly lines: number;
	readonly finding: string;
}

function longIn(source: Source): Long[] {
	const found: Long[] = [];
	const lines = source.text.split("\n").length - (source.text.endsWith("\n") ? 1 : 0);
	const limit = isTest(source.path) || source.path.endsWith(".test.ts") ? TEST_LINES : FILE_LINES;
	if (lines > limit) {
		const finding = `${source.path}: ${lines} lines, and ${limit} are the limit: find the seam`;
		found.push({ key: source.path, lines, finding });
	}
	if (!isTest(source.path) && !source.path.endsWith(".test.ts")) found.push(...longFunctions(source));
	return found;
}

function longFunctions(source: Source): Long[] {
	const found: Long[] = [];
	walk(source.ast, (node) => {
		if (!ts.isFunctionLike(node) || (node as ts.FunctionDeclaration).body === undefined) return;
		const { line: first } = source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast));
		const { line: last } = source.ast.getLineAndCharacterOfPosition(node.end);
		const lines = last - first + 1;
		if (lines <= FUNCTION_LINES) return;
		const name = nameOf(node, source);
		const what = `${name} has ${lines} lines, and ${FUNCTION_LINES} are the limit`;
		found.push({ key: `${source.path}: ${name}`, lines, finding: at(source, node, what) });
	});
	return found;
}

function nameOf(node: ts.SignatureDeclaration, { ast }: Source): string {
	const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
	return named?.getText(ast) ?? (ts.isConstructorDeclaration(node) ? "constructor" : "a function without a name");
}

function measure(tree: Tree): { readonly looked: number; readonly long: readonly Long[] } {
	const sources = tree.sources.filter(({ path }) => isMeasured(path));
	return { looked: sources.length, long: sources.flatMap(longIn) };
}

function checkSizes(tree: Tree, exceptions: ReadonlyMap<string, number>): Outcome {
	const { looked, long } = measure(tree);
	return { looked, findings: long.filter(({ key }) => !exceptions.has(key)).map(({ finding }) => finding) };
}

function checkRatchet(tree: Tree, exceptions: ReadonlyMap<string, number>): Outcome {
	const { looked, long } = measure(tree);
	const findings: string[] = [];
	for (const [key, allowed] of exceptions) {
		const now = long.find((one) => one.key === key);
		if (now === undefined) findings.push(`LONG: "${key}" is no longer needed: take it out`);
		else if (now.lines > allowed) findings.push(`${now.finding}; its exception says ${allowed}`);
	}
	return { looked, findings };
}

const FILE = "firmware/model/a.ts";
const OLD = new Map([
	["firmware/model/a.ts", 250],
	["firmware/model/b.ts: f", 50],
]);

function lines(count: number): string {
	return "a();\n".repeat(count);
}

export const sizeRules: readonly Rule[] = [
	{
		name: `files have at most ${FILE_LINES} lines, tests ${TEST_LINES}, functions ${FUNCTION_LINES}`,
		check: (tree, isWhole) => checkSizes(tree, isWhole ? LONG : new Map()),
		planted: [
			[{ [FILE]: lines(FILE_LINES + 1) }, "201 lines"],
			[{ "scripts/page/a.js": lines(FILE_LINES + 1) }, "201 lines"],
			[{ "host-tests/virtual/a.ts": lines(FILE_LINES + 1) }, "201 lines"],
			[{ "host-tests/model/a.test.ts": lines(TEST_LINES + 1) }, "301 lines"],
			[{ [FILE]: `function f() {\n${lines(FUNCTION_LINES - 1)}}` }, "f has 41 lines"],
			[{ [FILE]: `class A {\n\tconstructor() {\n${lines(FUNCTION_LINES - 1)}}\n}` }, "constructor has 41 lines"],
			[{ [FILE]: `const f = () => {\n${lines(FUNCTION_LINES - 1)}};` }, "f has 41 lines"],
		],
		innocent: [
			{ [FILE]: lines(FILE_LINES) },
			{ [FILE]: `function f() {\n${lines(FUNCTION_LINES - 2)}}` },
			{ "host-tests/model/a.test.ts": `describe("a", () => {\n${lines(250)}});` },
		],
	},
	{
		name: "what is long for now may not grow, and may not stay on the list when it has shrunk",
		check: (tree, isWhole) => checkRatchet(tree, isWhole ? LONG : OLD),
		planted: [
			[{ [FILE]: lines(251), "firmware/model/b.ts": `function f() {\n${lines(48)}}` }, "its exception says 250"],
			[{ [FILE]: lines(250), "firmware/model/b.ts": `function f() {\n${lines(49)}}` }, "its exception says 50"],
			[{ [FILE]: lines(250) }, 'b.ts: f" is no longer needed'],
			[{ [FILE]: lines(200), "firmware/model/b.ts": `function f() {\n${lines(48)}}` }, 'a.ts" is no longer needed'],
		],
		innocent: [{ [FILE]: lines(250), "firmware/model/b.ts": `function f() {\n${lines(48)}}` }],
	},
];
