import ts from "typescript";
import { at, eachSource, type Outcome, type Rule } from "./rule.js";
import type { Source, Tree } from "./tree.js";
import { walk } from "./tree.js";

const GUARD = "firmware/ports/guard.ts";
/** The board's way to `guard`, which knows the entry. */
const GUARDS = ["guard", "enter"];
/** What does not throw, whatever it is given. */
const HARMLESS = ["String", "Number", "Boolean", "isNaN", "trace"];
const HARMLESS_OF = ["Math", "Number", "String", "Array"];
/** Methods of strings that do not throw either. */
const HARMLESS_METHODS = ["split", "startsWith", "endsWith"];

type Body = ts.Node;

/** Where what a callback calls is looked into: the board, and what it says of failures in the words of both boards. */
const LOOKED_INTO = ["firmware/board/", "firmware/security/alert-words.ts"];

/** Every function of those by name. */
function bodiesOf(tree: Tree): Map<string, Body[]> {
	const bodies = new Map<string, Body[]>();
	for (const { ast } of LOOKED_INTO.flatMap((place) => tree.under(place))) {
		walk(ast, (node) => {
			if (!ts.isFunctionDeclaration(node) && !ts.isMethodDeclaration(node)) return;
			const name = node.name?.getText(ast);
			if (name === undefined || node.body === undefined) return;
			bodies.set(name, [...(bodies.get(name) ?? []), node.body]);
		});
	}
	return bodies;
}

/** The first thing in a body that could throw into the platform, or undefined. */
function leak(body: Body, bodies: ReadonlyMap<string, Body[]>, path: readonly string[] = []): string | undefined {
	let found: string | undefined;
	const visit = (node: ts.Node): void => {
		if (found !== undefined || (node !== body && ts.isFunctionLike(node))) return;
		if (ts.isTryStatement(node) && node.catchClause !== undefined) {
			visit(node.catchClause.block);
			if (node.finallyBlock !== undefined) visit(node.finallyBlock);
			return;
		}
		if (ts.isThrowStatement(node) || ts.isNewExpression(node)) found = node.getText();
		else if (ts.isCallExpression(node)) found = leakOfCall(node, bodies, path);
		if (!isGuarded(node)) ts.forEachChild(node, visit);
	};
	visit(body);
	return found;
}

function isGuarded(node: ts.Node): boolean {
	return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && GUARDS.includes(node.expression.text);
}

function leakOfCall(
	call: ts.CallExpression,
	bodies: ReadonlyMap<string, Body[]>,
	path: readonly string[],
): string | undefined {
	if (isGuarded(call)) return undefined;
	const callee = call.expression;
	const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
	const owner = ts.isPropertyAccessExpression(callee) ? callee.expression.getText() : undefined;
	if (owner === undefined ? HARMLESS.includes(name) : HARMLESS_OF.includes(owner)) return undefined;
	if (owner !== undefined && HARMLESS_METHODS.includes(name)) return undefined;
	if (path.includes(name)) return undefined;
	const known = bodies.get(name);
	if (known === undefined) return call.getText();
	for (const body of known) {
		const inner = leak(body, bodies, [...path, name]);
		if (inner !== undefined) return path.length === 0 ? `${call.getText()}, and there ${inner}` : inner;
	}
	return undefined;
}

/** Whether calling this hands something to the platform: a module of the SDK, or a global that is not JavaScript's. */
function isPlatform(callee: ts.Expression, source: Source): boolean {
	let root: ts.Node = callee;
	while (ts.isPropertyAccessExpression(root) || ts.isCallExpression(root) || ts.isNonNullExpression(root)) {
		root = root.expression;
	}
	if (root.kind === ts.SyntaxKind.ThisKeyword) return true;
	if (!ts.isIdentifier(root)) return false;
	return sdkNames(source).has(root.text) || PLATFORM_GLOBALS.includes(root.text);
}

const PLATFORM_GLOBALS = ["System", "Timer", "device"];

function sdkNames({ ast }: Source): Set<string> {
	const names = new Set<string>();
	for (const statement of ast.statements) {
		if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
		if (statement.moduleSpecifier.text.startsWith(".")) continue;
		const clause = statement.importClause;
		if (clause?.name !== undefined) names.add(clause.name.text);
		const named = clause?.namedBindings;
		if (named === undefined) continue;
		if (ts.isNamespaceImport(named)) names.add(named.name.text);
		else for (const { name } of named.elements) names.add(name.text);
	}
	return names;
}

/** Functions that one call hands over, as arguments or as members of an argument. */
function handedOver(call: ts.CallExpression | ts.NewExpression): ts.Node[] {
	return (call.arguments ?? []).flatMap((argument) => {
		if (!ts.isObjectLiteralExpression(argument)) return [argument];
		return argument.properties.map((property) => {
			if (ts.isPropertyAssignment(property)) return property.initializer;
			return ts.isShorthandPropertyAssignment(property) ? property.name : property;
		});
	});
}

function functionBody(node: ts.Node, source: Source): Body | undefined {
	if (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node)) return node.body;
	if (!ts.isIdentifier(node)) return undefined;
	for (const statement of source.ast.statements) {
		if (ts.isFunctionDeclaration(statement) && statement.name?.text === node.text) return statement.body;
	}
	return undefined;
}

function checkCallbacks(source: Source, bodies: ReadonlyMap<string, Body[]>): Outcome {
	const findings: string[] = [];
	let looked = 0;
	walk(source.ast, (node) => {
		if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
		if (!isPlatform(node.expression, source)) return;
		for (const handed of handedOver(node)) {
			const body = functionBody(handed, source);
			if (body === undefined) continue;
			looked++;
			const escaping = leak(body, bodies);
			if (escaping !== undefined) findings.push(at(source, handed, `not through guard: ${escaping}`));
		}
	});
	return { looked, findings };
}

function checkAll(tree: Tree): Outcome {
	const bodies = bodiesOf(tree);
	const outcomes = tree.under("firmware/board/").map((source) => checkCallbacks(source, bodies));
	return {
		looked: outcomes.reduce((sum, { looked }) => sum + looked, 0),
		findings: outcomes.flatMap(({ findings }) => findings),
	};
}

function checkSingle(source: Source): string[] {
	const findings: string[] = [];
	walk(source.ast, (node) => {
		const isGuard = ts.isFunctionLike(node) && node.name?.getText(source.ast) === "guard";
		const isVariable = ts.isVariableDeclaration(node) && node.name.getText(source.ast) === "guard";
		if ((isGuard || isVariable) && source.path !== GUARD)
			findings.push(at(source, node, "there is one guard, in ports/"));
	});
	return findings;
}

const FILE = "firmware/board/a.ts";
const TIMER = 'import Timer from "timer"; import { enter } from "./entry.js";';

export const guardRules: readonly Rule[] = [
	{
		name: "every function handed to the platform goes through guard",
		check: checkAll,
		planted: [
			[{ [FILE]: `${TIMER} Timer.set(() => handler.onAlarm());` }, "not through guard: handler.onAlarm()"],
			[{ [FILE]: `${TIMER} Timer.set(onTimer); function onTimer() { handler.onAlarm(); }` }, "not through guard"],
			[
				{ [FILE]: `${TIMER} new Timer({ onReadable }); function onReadable() { handler.onAlarm(); }` },
				"not through guard",
			],
			[{ [FILE]: `${TIMER} new Timer({ onReadable() { throw new Error(); } });` }, "not through guard"],
			[{ [FILE]: `${TIMER} Timer.set(() => { enter("a", h, h.on); h.on(); });` }, "not through guard: h.on()"],
			[
				{ [FILE]: "System.resolve(host, () => deep()); function deep() { deeper(); } function deeper() { h.on(); }" },
				"h.on()",
			],
			[
				{ [FILE]: "class A { a() { this.socket.start(() => this.b()); } b() { this.handler.on(); } }" },
				"this.handler.on()",
			],
			[{ [FILE]: `${TIMER} Timer.set(() => { try { enter("a", h, h.on); } finally { h.on(); } });` }, "h.on()"],
		],
		innocent: [
			{ [FILE]: `${TIMER} Timer.set(onTimer); function onTimer(timer) { enter("alarm", timer, timer.fired); }` },
			{ [FILE]: `${TIMER} Timer.set(() => { try { socket.read(); } catch { return; } enter("a", h, h.on); });` },
			{ [FILE]: `${TIMER} const listed = parts.map((part) => part.open());` },
		],
	},
	{
		name: "there is one guard",
		check: eachSource(() => true, checkSingle),
		planted: [
			[{ "firmware/runtime/a.ts": "function guard() {}" }, "there is one guard"],
			[{ "host-tests/virtual/a.ts": "export const guard = () => undefined;" }, "there is one guard"],
			[{ "scripts/a.ts": "class A { guard() {} }" }, "there is one guard"],
		],
		innocent: [{ [GUARD]: "export function guard() {}" }],
	},
];
