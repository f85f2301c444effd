import ts from "typescript";
import { eachNode, type Rule } from "./rule.js";

const CONTEXTS = ["context", "ctx", "task", "t"];
const RUNNERS = ["it", "test", "describe"];
/** Real engines and brokers take real time; so do a real clock that is held to its contract, and a real browser. */
const REAL_TIME = [
	"host-tests/engine/",
	"host-tests/conformance/",
	"host-tests/scripts/board.test.ts",
	"host-tests/scripts/page.test.ts",
];
const SLEEPS = "a test that sleeps is slow and, some day, wrong: virtual time, or wait for the thing itself";

function isTest(path: string): boolean {
	return path.startsWith("host-tests/");
}

function checkSleep(node: ts.Node): string | undefined {
	if (!ts.isCallExpression(node)) return undefined;
	const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
	if (!ts.isIdentifier(callee)) return undefined;
	if (callee.text === "sleep") return SLEEPS;
	if (callee.text !== "setTimeout" && callee.text !== "setInterval") return undefined;
	const [first, second] = node.arguments;
	// As a promise (node:timers/promises) the delay comes first.
	const delay = first !== undefined && ts.isNumericLiteral(first) ? first : second;
	const isNow = delay === undefined || (ts.isNumericLiteral(delay) && delay.text === "0");
	return isNow || isDeadline(first) ? undefined : SLEEPS;
}

/** A timer that only ends a wait that has failed delays nothing. */
function isDeadline(callback: ts.Node | undefined): boolean {
	return callback !== undefined && ts.isArrowFunction(callback) && /\breject\(|\bthrow\b/.test(callback.getText());
}

/** The name of what is called: `it.skip` or `describe.skipIf(x)`, and whether it belongs to the test runner. */
function checkSkip(node: ts.Node): string | undefined {
	if (!ts.isPropertyAccessExpression(node)) return undefined;
	const { name, expression } = node;
	const isRunner = RUNNERS.includes(rootOf(expression));
	if (isRunner && name.text === "only") return "a test that runs alone hides the others";
	if (isRunner && name.text === "todo") return "a test to be written is an issue, not a test";
	if (isRunner && (name.text === "skip" || name.text === "skipIf")) {
		return tellsWhy(titleOf(node)) ? undefined : "a skipped test says why in its title";
	}
	const isContext = CONTEXTS.includes(rootOf(expression)) && name.text === "skip";
	if (!isContext || !ts.isCallExpression(node.parent)) return undefined;
	return node.parent.arguments.some(isText) ? undefined : "a skipped test says why";
}

function rootOf(node: ts.Node): string {
	let root = node;
	while (ts.isPropertyAccessExpression(root) || ts.isCallExpression(root)) root = root.expression;
	return ts.isIdentifier(root) ? root.text : "";
}

/** The first argument of the outermost call: after `describe.skipIf(...)` comes the one with the title. */
function titleOf(node: ts.Node): ts.Expression | undefined {
	let call: ts.Node = node.parent;
	while (ts.isCallExpression(call.parent) && call.parent.expression === call) call = call.parent;
	return ts.isCallExpression(call) ? call.arguments[0] : undefined;
}

function tellsWhy(title: ts.Expression | undefined): boolean {
	if (title === undefined) return false;
	return ts.isTemplateExpression(title) || (ts.isStringLiteralLike(title) && /: \S/.test(title.text));
}

function isText(node: ts.Node): boolean {
	if (ts.isStringLiteralLike(node)) return node.text !== "";
	// A condition alone is no reason.
	return ts.isTemplateExpression(node) || ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
}

const FILE = "host-tests/model/a.test.ts";

export const testRules: readonly Rule[] = [
	{
		name: "no test sleeps",
		check: eachNode((path) => isTest(path) && !REAL_TIME.some((folder) => path.startsWith(folder)), checkSleep),
		planted: [
			[{ [FILE]: "setTimeout(done, 10);" }, "sleeps"],
			[{ [FILE]: "await new Promise((done) => setTimeout(done, delayMs));" }, "sleeps"],
			[{ [FILE]: "globalThis.setInterval(poll, 5);" }, "sleeps"],
			[{ [FILE]: 'import { setTimeout } from "node:timers/promises"; await setTimeout(50);' }, "sleeps"],
			[{ [FILE]: "await sleep(10);" }, "sleeps"],
		],
		innocent: [
			{ [FILE]: "setTimeout(done, 0); setTimeout(done);" },
			{ [FILE]: 'setTimeout(() => reject(new Error("nothing came")), 5_000);' },
			{ "host-tests/engine/a.ts": "setTimeout(wake, leftMs);" },
		],
	},
	{
		name: "no test is left out in silence",
		check: eachNode(isTest, checkSkip),
		planted: [
			[{ [FILE]: 'it.skip("works", f);' }, "says why"],
			[{ [FILE]: 'describe.skipIf(!ready)("the broker", f);' }, "says why"],
			[{ [FILE]: 'it.only("works", f);' }, "hides the others"],
			[{ [FILE]: 'describe.only.each([1])("works", f);' }, "hides the others"],
			[{ [FILE]: 'it.todo("works");' }, "an issue"],
			[{ [FILE]: 'it("works", (context) => context.skip());' }, "says why"],
		],
		innocent: [
			{ [FILE]: "describe.skipIf(why !== undefined)(`the broker (skipped: $" + "{why})`, f);" },
			{ [FILE]: 'it("works", (context) => context.skip("mosquitto is not installed"));' },
			{ [FILE]: 'it.skip("works (skipped: issue 12)", f);' },
		],
	},
];
