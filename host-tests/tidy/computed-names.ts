import { join } from "node:path";
import ts from "typescript";
import { at, type Outcome, type Rule } from "./rule.js";
import { isPortable, ROOT, type Tree, walk } from "./tree.js";

/**
 * Names that are looked up as properties although they are made at run time. Each comes from the device file, never from
 * the network: XS keeps every property name it has ever seen.
 */
const FROM_THE_DEVICE_FILE: ReadonlySet<string> = new Set([
	"firmware/model/describe.ts: definition.measures[measureKey]",
	"firmware/model/device.ts: Object.fromEntries(keys.map((key) => [key, handleOf(key)]))",
	"firmware/model/device.ts: entities[key]",
	"firmware/model/sensor.ts: buses[name]",
	"firmware/runtime/entities/sensor.ts: reading[part.measureKeys[i] as string]",
	"firmware/runtime/entities/sensor.ts: this.definition.measures[this.part.measureKeys[offset] as string]",
	"firmware/runtime/entities/sensor.ts: reading[key]",
	"firmware/runtime/sample-record.ts: measures[part.measureKeys[offset] as string]",
]);

/** Functions that make property names of their arguments. */
const MAKERS = ["Object.fromEntries", "Object.assign", "Object.defineProperty", "Object.hasOwn", "Object.groupBy"];

/** Every computed name, by the key that the list uses. */
function computedNames(tree: Tree): { readonly looked: number; readonly found: ReadonlyMap<string, string> } {
	const sources = tree.sources.filter(({ path }) => isPortable(path) && !path.endsWith(".d.ts"));
	const found = new Map<string, string>();
	const checker = tree.program.getTypeChecker();
	for (const source of sources) {
		const ast = tree.program.getSourceFile(join(ROOT, source.path));
		if (ast === undefined) continue;
		walk(ast, (node) => {
			const name = computedName(node, checker, ast);
			if (name === undefined) return;
			const what = `${name}: a property name made at run time is never freed on XS: a Map`;
			found.set(`${source.path}: ${name}`, at({ ...source, ast }, node, what));
		});
	}
	return { looked: sources.length, found };
}

function checkNames(tree: Tree, exceptions: ReadonlySet<string>): Outcome {
	const { looked, found } = computedNames(tree);
	return { looked, findings: [...found].filter(([key]) => !exceptions.has(key)).map(([, finding]) => finding) };
}

function checkRatchet(tree: Tree, exceptions: ReadonlySet<string>): Outcome {
	const { looked, found } = computedNames(tree);
	const needless = [...exceptions].filter((key) => !found.has(key));
	return { looked, findings: needless.map((key) => `FROM_THE_DEVICE_FILE: "${key}" is no longer needed: take it out`) };
}

/** The expression, if it makes a property name of a string that is not written in the source. */
function computedName(node: ts.Node, checker: ts.TypeChecker, ast: ts.SourceFile): string | undefined {
	if (ts.isElementAccessExpression(node))
		return isText(node.argumentExpression, checker) ? node.getText(ast) : undefined;
	if (ts.isComputedPropertyName(node)) return isText(node.expression, checker) ? node.getText(ast) : undefined;
	if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
		return isText(node.left, checker) ? node.getText(ast) : undefined;
	}
	const isMaker = ts.isCallExpression(node) && MAKERS.includes(node.expression.getText(ast));
	return isMaker ? node.getText(ast).replace(/\s+/g, " ") : undefined;
}

/** Any string at all, rather than one of a few that the compiler knows. */
function isText(node: ts.Expression, checker: ts.TypeChecker): boolean {
	if (ts.isPrivateIdentifier(node)) return false;
	const type = checker.getTypeAtLocation(node);
	const parts = type.isUnionOrIntersection() ? type.types : [checker.getBaseConstraintOfType(type) ?? type];
	const loose = ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.Any | ts.TypeFlags.Unknown;
	return parts.some(({ flags }) => (flags & loose) !== 0);
}

const FILE = "firmware/model/a.ts";
const RECORD = "declare const record: Record<string, number>; declare const name: string;";

export const computedNameRules: readonly Rule[] = [
	{
		name: "no property name is made at run time",
		check: (tree, isWhole) => checkNames(tree, isWhole ? FROM_THE_DEVICE_FILE : new Set()),
		planted: [
			[{ [FILE]: `${RECORD} export const a = record[name];` }, "record[name]"],
			[{ [FILE]: `${RECORD} record[name + "x"] = 1;` }, "a property name made at run time"],
			[{ [FILE]: `${RECORD} export const a = { [name]: 1 };` }, "[name]"],
			[{ [FILE]: `${RECORD} export const a = name in record;` }, "name in record"],
			[{ [FILE]: `${RECORD} export const a = Object.fromEntries([[name, 1]]);` }, "Object.fromEntries"],
			[
				{ [FILE]: "export function f<M extends Record<string, 1>>(m: M, k: keyof M & string) { return m[k]; }" },
				"m[k]",
			],
		],
		innocent: [
			{ [FILE]: 'declare const list: number[]; export const a = list[0]; export const b = list["length"];' },
			{ [FILE]: 'declare const level: "up" | "down"; export const a = { up: 1, down: 2 }[level];' },
			{
				[FILE]: 'declare const bytes: Uint8Array; export const a = bytes[1]; export const b = "value" in { value: 1 };',
			},
			{ "firmware/board/a.ts": `${RECORD} export const a = record[name];` },
		],
	},
	{
		name: "a name from the device file leaves the list when nothing looks it up any more",
		check: (tree, isWhole) => checkRatchet(tree, isWhole ? FROM_THE_DEVICE_FILE : new Set([`${FILE}: record[name]`])),
		planted: [[{ [FILE]: "export const a = 1;" }, "no longer needed"]],
		innocent: [{ [FILE]: `${RECORD} export const a = record[name];` }],
	},
];
