import ts from "typescript";
import { at, eachNode, eachSource, type Rule } from "./rule.js";
import { isPortable, type Source, walk } from "./tree.js";

/** Globals that firmware must not use, and what to use instead. */
const GLOBALS: ReadonlyMap<string, string> = new Map([
	["Date", "time is a port: board.clock"],
	["performance", "time is a port: board.clock"],
	["setTimeout", "time is a port: board.alarm, or a task of the scheduler"],
	["setInterval", "time is a port: board.alarm, or a task of the scheduler"],
	["setImmediate", "time is a port: board.alarm, or a task of the scheduler"],
	["queueMicrotask", "time is a port: board.alarm, or a task of the scheduler"],
	["Timer", "time is a port: board.alarm, or a task of the scheduler"],
	["crypto", "chance is a port: board.random"],
	["console", "XS has none: board.log"],
	["trace", "only the board may: board.log"],
	["process", "XS has none"],
	["Buffer", "XS has none: Uint8Array"],
	["TextEncoder", "XS has none: board.text"],
	["TextDecoder", "XS has none: board.text"],
	["RegExp", "a regular expression takes much of the chip's stack: read the characters"],
	["Promise", "the steady state has no promises: a state and a callback"],
	["Reflect", "names are for ever on XS: a Map"],
	["eval", "never"],
]);

/** What must run on any engine may not use either of these. */
const HOST_GLOBALS = [
	"window",
	"document",
	"fetch",
	"WebSocket",
	"require",
	"__dirname",
	"global",
	"URL",
	"structuredClone",
];

/** Members that are as bad as a global. */
const MEMBERS: ReadonlyMap<string, string> = new Map([
	["Math.random", "chance is a port: board.random"],
	["JSON.parse", "it makes property names of whatever it reads, for ever: model/json.ts"],
]);

/** They read single values with the engine's own parser, in which there are no names: a string with escapes, a number. */
const JSON_READER = "firmware/model/json.ts";
const JSON_READERS = [JSON_READER, "firmware/model/json-plain.ts"];
/** What mqtt-packet requires must be the thing itself: see the comments there. */
const DEFAULT_EXPORTS = [
	"firmware/board/ssl/cert.ts", // as the SDK's own that they replace
	"firmware/board/ssl/ciphersuites.ts",
	"firmware/device.ts",
	"firmware/mqtt/standins/buffer-list.ts",
	"firmware/mqtt/standins/debug.ts",
];

function checkGlobals(source: Source, banned: ReadonlyMap<string, string>): string[] {
	const findings: string[] = [];
	const declared = declaredIn(source);
	walk(source.ast, (node) => {
		if (ts.isPropertyAccessExpression(node)) {
			const member = node.getText(source.ast);
			const instead = JSON_READERS.includes(source.path) && member === "JSON.parse" ? undefined : MEMBERS.get(member);
			if (instead !== undefined) findings.push(at(source, node, `${member}: ${instead}`));
		}
		if (!ts.isIdentifier(node) || !banned.has(node.text) || declared.has(node.text) || !isReference(node)) return;
		findings.push(at(source, node, `${node.text}: ${banned.get(node.text)}`));
	});
	return findings;
}

/** Names that a file makes itself; they are not the global ones. */
function declaredIn({ ast }: Source): Set<string> {
	const names = new Set<string>();
	walk(ast, (node) => {
		const name = (node as ts.NamedDeclaration).name;
		if (name !== undefined && ts.isIdentifier(name) && isDeclaration(node)) names.add(name.text);
	});
	return names;
}

function isDeclaration(node: ts.Node): boolean {
	return (
		ts.isVariableDeclaration(node) ||
		ts.isParameter(node) ||
		ts.isFunctionDeclaration(node) ||
		ts.isClassDeclaration(node) ||
		ts.isInterfaceDeclaration(node) ||
		ts.isTypeAliasDeclaration(node) ||
		ts.isImportSpecifier(node) ||
		ts.isImportClause(node) ||
		ts.isBindingElement(node)
	);
}

/** Whether an identifier stands for itself, rather than naming a member of something. */
function isReference(node: ts.Identifier): boolean {
	const { parent } = node;
	if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
	if (ts.isQualifiedName(parent)) return parent.left === node;
	const isName = (parent as ts.NamedDeclaration).name === node;
	return !isName || ts.isShorthandPropertyAssignment(parent);
}

/** What the firmware's engine pays too much for. */
function checkSyntax(node: ts.Node): string | undefined {
	switch (node.kind) {
		case ts.SyntaxKind.RegularExpressionLiteral:
			return "a regular expression takes much of the chip's stack: read the characters";
		case ts.SyntaxKind.AwaitExpression:
		case ts.SyntaxKind.AsyncKeyword:
			return "the steady state has no promises: a state and a callback";
		default:
			return isGenerator(node) ? "the steady state has no generators: a loop" : undefined;
	}
}

function isGenerator(node: ts.Node): boolean {
	return ts.isFunctionLike(node) && (node as ts.FunctionDeclaration).asteriskToken !== undefined;
}

function checkExport(node: ts.Node, source: Source): string | undefined {
	if (ts.isEnumDeclaration(node)) return "an enum is code: a union of literals, or a frozen object";
	if (ts.isExportDeclaration(node) && (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause))) {
		return "export * hides what there is: name it";
	}
	const isDefault =
		(ts.isExportAssignment(node) && !node.isExportEquals) ||
		(node.kind === ts.SyntaxKind.DefaultKeyword && ts.canHaveModifiers(node.parent)) ||
		(ts.isExportSpecifier(node) && node.name.text === "default");
	return isDefault && !DEFAULT_EXPORTS.includes(source.path) ? "exports have names" : undefined;
}

function isFirmware(path: string): boolean {
	return path.startsWith("firmware/");
}

/** Declarations of what others have written. */
function isOwnCode(path: string): boolean {
	return isFirmware(path) && !path.endsWith(".d.ts");
}

function isNeutral(path: string): boolean {
	return path.startsWith("host-tests/virtual/") && !path.endsWith(".test.ts");
}

const NEUTRAL = new Map([...GLOBALS, ...HOST_GLOBALS.map((name) => [name, "not every engine has it"] as const)]);
for (const harmless of ["Promise", "RegExp", "Reflect", "Date"]) NEUTRAL.delete(harmless);

/** Modules of the SDK in which something listens, and those of its older network, which do both. */
const LISTENING = ["http", "socket", "websocket", "telnet", "tftp", "mdns", "cli"];

/** The device opens no port (SECURITY.md): not even what could is imported, or known to the compiler. */
function checkModule(node: ts.Node): string | undefined {
	const name = ts.isImportDeclaration(node)
		? node.moduleSpecifier
		: ts.isModuleDeclaration(node)
			? node.name
			: undefined;
	if (name === undefined || !ts.isStringLiteral(name) || name.text.startsWith(".")) return undefined;
	const listens = LISTENING.includes(name.text) || name.text.includes("listener") || name.text.includes("server");
	return listens ? `${name.text}: a device opens no port` : undefined;
}

const FILE = "firmware/model/a.ts";

export const banRules: readonly Rule[] = [
	{
		name: "firmware has no time, chance or platform of its own",
		check: eachSource(isPortable, (source) => checkGlobals(source, GLOBALS)),
		planted: [
			[{ [FILE]: "const t = Date.now();" }, "a.ts:1: Date"],
			[{ [FILE]: "const t = new Date();" }, "Date"],
			[{ [FILE]: "const r = Math.random();" }, "Math.random"],
			[{ [FILE]: "setTimeout(() => undefined, 1);" }, "setTimeout"],
			[{ [FILE]: "const later = setInterval;" }, "setInterval"],
			[{ [FILE]: "Timer.set(f);" }, "Timer"],
			[{ [FILE]: 'console.log("x");' }, "console"],
			[{ [FILE]: "if (process.env.X) throw 1;" }, "process"],
			[{ [FILE]: "const b = Buffer.from([]);" }, "Buffer"],
			[{ [FILE]: "const b: Buffer = x;" }, "Buffer"],
			[{ [FILE]: "new TextEncoder(); new TextDecoder();" }, "TextDecoder"],
			[{ [FILE]: 'new RegExp("a");' }, "RegExp"],
			[{ [FILE]: "const it = { process };" }, "process"],
			[{ [FILE]: "let p: Promise<void>;" }, "Promise"],
			[{ [FILE]: 'JSON.parse("{}");' }, "JSON.parse"],
		],
		innocent: [
			{ "firmware/board/a.ts": "const t = Date.now();" },
			{ [FILE]: "interface A { process(): void } a.process(); const b = { console: 1 };" },
			{ [FILE]: 'import { Buffer } from "./buffer.js"; const b = new Buffer(1);' },
			{ [JSON_READER]: "JSON.parse(quoted);" },
		],
	},
	{
		name: "firmware has no regular expressions, promises or generators",
		check: eachNode((path) => isPortable(path) && isOwnCode(path), checkSyntax),
		planted: [
			[{ [FILE]: "const r = /a+/;" }, "regular expression"],
			[{ [FILE]: "async function f() {}" }, "promises"],
			[{ [FILE]: "const f = async () => undefined;" }, "promises"],
			[{ [FILE]: "function* f() {}" }, "generators"],
			[{ [FILE]: "class A { *f() {} }" }, "generators"],
		],
		innocent: [{ [FILE]: "const a = 4 / 2 / 1;" }],
	},
	{
		name: "firmware has no any, no enum, and no export without a name",
		check: eachNode(isFirmware, (node, source) => {
			if (node.kind === ts.SyntaxKind.AnyKeyword) return "any hides mistakes: unknown, or the type it is";
			return isOwnCode(source.path) ? checkExport(node, source) : undefined;
		}),
		planted: [
			[{ [FILE]: "let a: any;" }, "any hides"],
			[{ "firmware/board/a.d.ts": "export function f(a: any[]): void;" }, "any hides"],
			[{ [FILE]: "enum A { B }" }, "enum"],
			[{ [FILE]: "export const enum A { B }" }, "enum"],
			[{ [FILE]: "export default 1;" }, "exports have names"],
			[{ [FILE]: "export default function f() {}" }, "exports have names"],
			[{ [FILE]: "const a = 1; export { a as default };" }, "exports have names"],
			[{ [FILE]: 'export * from "./b.js";' }, "export *"],
			[{ [FILE]: 'export * as b from "./b.js";' }, "export *"],
		],
		innocent: [
			{ "firmware/device.ts": "export default defineDevice({});" },
			{ [FILE]: "switch (a) { default: break; }" },
			{ "firmware/board/a.d.ts": 'declare module "timer" { export default class Timer {} }' },
		],
	},
	{
		name: "firmware listens to nobody",
		check: eachNode(isFirmware, checkModule),
		planted: [
			[{ "firmware/board/a.ts": 'import Listener from "embedded:io/socket/listener";' }, "no port"],
			[{ "firmware/board/a.ts": 'import { Server } from "http";' }, "no port"],
			[{ "firmware/board/a.ts": 'import { Socket, Listener } from "socket";' }, "no port"],
			[{ "firmware/board/a.d.ts": 'declare module "embedded:network/http/server" {}' }, "no port"],
			[{ "firmware/board/a.ts": 'import Telnet from "telnet";' }, "no port"],
		],
		innocent: [
			{ "firmware/board/a.ts": 'import TCP from "embedded:io/socket/tcp"; import type { A } from "./server.js";' },
		],
	},
	{
		name: "the virtual board runs on any engine",
		check: eachSource(isNeutral, (source) => checkGlobals(source, NEUTRAL)),
		planted: [
			[{ "host-tests/virtual/a.ts": "setTimeout(f, 1);" }, "setTimeout"],
			[{ "host-tests/virtual/a.ts": "const t = performance.now();" }, "performance"],
			[{ "host-tests/virtual/a.ts": "const u = new URL(x);" }, "URL"],
			[{ "host-tests/virtual/a.ts": "const seed = Math.random();" }, "Math.random"],
			[{ "host-tests/virtual/a.ts": "new TextEncoder();" }, "TextEncoder"],
		],
		innocent: [{ "host-tests/virtual/a.test.ts": "performance.now();" }],
	},
];
