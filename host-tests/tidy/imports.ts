import { builtinModules } from "node:module";
import ts from "typescript";
import { at, eachSource, type Rule } from "./rule.js";
import type { Source, Tree } from "./tree.js";

/** Where a file belongs, and what it may import besides its own folder. */
interface Zone {
	/** A folder with its slash, or one file. */
	readonly under: string;
	readonly may: readonly string[];
	/** These only with `import type`. */
	readonly types?: readonly string[];
	/** Packages of npm and of Node, modules of the SDK, or neither. */
	readonly packages?: "npm" | "sdk";
}

const FIRMWARE = [
	...["ports", "model", "drivers", "mqtt", "security", "net", "discovery", "cloud", "runtime", "update", "trust"].map(
		(folder) => `firmware/${folder}/`,
	),
	"firmware/device.ts",
];
const [PORTS = "", MODEL = "", DRIVERS = "", MQTT = "", SECURITY = "", NET = "", DISCOVERY = "", CLOUD = ""] = FIRMWARE;
const RUNTIME = "firmware/runtime/";
const UPDATE = "firmware/update/";
const TRUST = "firmware/trust/";
const BOARD = "firmware/board/";
const DEVICE = "firmware/device.ts";
const VIRTUAL = "host-tests/virtual/";
const CONTRACTS = "host-tests/contracts/";

/** The layers of the house. The first that fits a path is its zone, so the narrow ones come first. */
const ZONES: readonly Zone[] = [
	{ under: PORTS, may: [] },
	{ under: MODEL, may: [PORTS] },
	{ under: DRIVERS, may: [MODEL], types: [PORTS] },
	{ under: MQTT, may: [PORTS] },
	{ under: SECURITY, may: [PORTS] },
	{ under: NET, may: [PORTS, SECURITY], types: [MQTT] },
	{ under: DISCOVERY, may: [MODEL, SECURITY], types: [MQTT] },
	{ under: CLOUD, may: [MODEL, SECURITY], types: [MQTT] },
	{ under: RUNTIME, may: [PORTS, MODEL, MQTT, NET, SECURITY, CLOUD, DISCOVERY] },
	// What a device takes with it only if its file asks for it: the runtime knows no more than its interface, in model.
	{ under: UPDATE, may: [PORTS, MODEL, SECURITY, NET] },
	{ under: TRUST, may: [PORTS, MODEL, SECURITY] },
	{ under: BOARD, may: [PORTS, SECURITY], packages: "sdk" },
	{ under: "firmware/main.ts", may: [DEVICE, BOARD, RUNTIME, PORTS] },
	{ under: DEVICE, may: [MODEL, DRIVERS, CLOUD, UPDATE, TRUST] },
	{ under: "manifests/", may: [DEVICE, BOARD, RUNTIME, PORTS, VIRTUAL], packages: "sdk" },
	{ under: VIRTUAL, may: [PORTS, MODEL, MQTT] },
	// What is about the PC's side of the house, or builds and runs whole things.
	{ under: "host-tests/scripts/", may: [...FIRMWARE, "host-tests/", "scripts/"], packages: "npm" },
	{ under: "host-tests/security/", may: [...FIRMWARE, "host-tests/", "scripts/"], packages: "npm" },
	{ under: "host-tests/cloud/", may: [...FIRMWARE, "host-tests/", "scripts/"], packages: "npm" },
	{ under: "host-tests/trust/", may: [...FIRMWARE, "host-tests/", "scripts/"], packages: "npm" },
	{ under: "host-tests/update/", may: [...FIRMWARE, "host-tests/", "scripts/"], packages: "npm" },
	// Firmware that only tests build: an entry, as those in manifests/ are.
	{
		under: "host-tests/engine/firmware/",
		may: [DEVICE, BOARD, RUNTIME, PORTS, UPDATE, TRUST, VIRTUAL, CONTRACTS, "manifests/simulator/"],
		packages: "sdk",
	},
	{ under: "host-tests/engine/", may: [...FIRMWARE, "host-tests/", "scripts/"], packages: "npm" },
	{ under: "host-tests/conformance/", may: [...FIRMWARE, "host-tests/", "scripts/"], packages: "npm" },
	{ under: "host-tests/", may: FIRMWARE, packages: "npm" },
	// What runs on the engine itself, under the benchmark.
	{ under: "scripts/bench/workloads/", may: [PORTS, MODEL, MQTT, RUNTIME, BOARD], packages: "sdk" },
	// The benchmark runs programs on the engine as the tests there do, and with their tools.
	{ under: "scripts/bench/", may: ["host-tests/engine/"], packages: "npm" },
	{
		under: "scripts/",
		may: [MODEL, MQTT, SECURITY, DISCOVERY, CLOUD, PORTS, RUNTIME, UPDATE, TRUST, DEVICE, VIRTUAL],
		packages: "npm",
	},
	{ under: "vitest.config.ts", may: [], packages: "npm" },
];

const GENERAL_TESTS = ZONES.find(({ under }) => under === "host-tests/");

function zoneOf(path: string): Zone | undefined {
	// The virtual board runs on any engine; its tests do not.
	if (path.startsWith(VIRTUAL) && path.endsWith(".test.ts")) return GENERAL_TESTS;
	return ZONES.find(({ under }) => (under.endsWith("/") ? path.startsWith(under) : path === under));
}

/** Only here is mqtt-packet known: in the codec, and in tests that compare with it. */
const MQTT_PACKET = [
	"firmware/mqtt/codec.ts",
	"host-tests/mqtt/",
	"host-tests/scripts/connect-packet.test.ts",
	"scripts/bench/workloads/plain.ts",
];

interface Import {
	readonly node: ts.Node;
	readonly specifier: string;
	readonly typeOnly: boolean;
}

const known = new WeakMap<ts.SourceFile, readonly Import[]>();

/** Everything that a file imports, in every way there is. */
export function importsOf({ ast }: Source): readonly Import[] {
	const imports = known.get(ast) ?? readImports(ast);
	known.set(ast, imports);
	return imports;
}

function readImports(ast: ts.SourceFile): Import[] {
	const imports: Import[] = [];
	const visit = (node: ts.Node): void => {
		const specifier = specifierOf(node);
		if (specifier !== undefined) imports.push({ node, specifier, typeOnly: isTypeOnly(node) });
		ts.forEachChild(node, visit);
	};
	visit(ast);
	return imports;
}

function specifierOf(node: ts.Node): string | undefined {
	let found: ts.Node | undefined;
	if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) found = node.moduleSpecifier;
	else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) found = node.argument.literal;
	else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) found = node.arguments[0];
	return found !== undefined && ts.isStringLiteralLike(found) ? found.text : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
	if (ts.isImportTypeNode(node)) return true;
	if (ts.isExportDeclaration(node)) return node.isTypeOnly;
	if (!ts.isImportDeclaration(node) || node.importClause === undefined) return false;
	const { importClause } = node;
	const named = importClause.namedBindings;
	if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
	if (importClause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false;
	return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

function checkImports(source: Source, tree: Tree): string[] {
	const zone = zoneOf(source.path);
	if (zone === undefined) return [`${source.path}: this folder has no rule: give it a line in the table of layers`];
	const findings: string[] = [];
	for (const one of importsOf(source)) {
		const isOwn = one.specifier.startsWith(".");
		const wrong = isOwn ? wrongFile(source, zone, one, tree) : wrongPackage(source, zone, one.specifier, tree);
		if (wrong !== undefined) findings.push(at(source, one.node, wrong));
	}
	return findings;
}

function wrongFile(source: Source, zone: Zone, one: Import, tree: Tree): string | undefined {
	const target = tree.resolve(source.path, one.specifier);
	if (target === undefined) return `there is no ${one.specifier}`;
	const within = (prefix: string) => (prefix.endsWith("/") ? target.startsWith(prefix) : target === prefix);
	if (zone.under === DRIVERS && target.startsWith(DRIVERS)) return `a driver knows no other driver: ${target}`;
	if (within(zone.under) || zone.may.some(within)) return undefined;
	if (!zone.types?.some(within)) return `${zone.under} may not import ${target}`;
	return one.typeOnly ? undefined : `${zone.under} may import only types of ${target}`;
}

function wrongPackage(source: Source, zone: Zone, specifier: string, tree: Tree): string | undefined {
	const name = specifier
		.split("/")
		.slice(0, specifier.startsWith("@") ? 2 : 1)
		.join("/");
	if (name === "mqtt-packet") {
		return MQTT_PACKET.some((prefix) => source.path.startsWith(prefix))
			? undefined
			: "mqtt-packet is the codec's alone";
	}
	const isNode = specifier.startsWith("node:") || builtinModules.includes(name);
	const isNpm = isNode || dependencies(tree).has(name);
	if (zone.packages === "npm") return isNpm ? undefined : `${name} is not in package.json`;
	if (zone.packages === "sdk") return isNpm ? `${specifier} is not part of the SDK` : undefined;
	return `${zone.under} may import no packages: ${specifier}`;
}

function dependencies(tree: Tree): Set<string> {
	const parsed = JSON.parse(tree.text("package.json") ?? "{}") as Record<string, object | undefined>;
	const lists = [parsed.dependencies, parsed.devDependencies, parsed.optionalDependencies];
	return new Set(lists.flatMap((list) => Object.keys(list ?? {})));
}

/** Interfaces, and nothing that becomes code. */
function checkPorts(source: Source): string[] {
	return source.ast.statements
		.filter((statement) => {
			if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return !isTypeOnly(statement);
			return !ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement);
		})
		.map((statement) => at(source, statement, "ports hold interfaces; the only code there is guard.ts"));
}

const GUARD = {
	"firmware/ports/guard.ts": "export function guard() {}",
	"firmware/ports/pins.ts": "export type Level = 0 | 1;",
};
const BOARD_FILE = { "firmware/board/pin.ts": "" };

export const importRules: readonly Rule[] = [
	{
		name: "each folder imports only what its layer may",
		check: eachSource(() => true, checkImports),
		planted: [
			[
				{ "firmware/model/a.ts": 'import { b } from "../drivers/b.js";', "firmware/drivers/b.ts": "" },
				"may not import firmware/drivers/b.ts",
			],
			[{ "firmware/drivers/a.ts": 'import { b } from "./b.js";', "firmware/drivers/b.ts": "" }, "no other driver"],
			[{ ...GUARD, "firmware/drivers/a.ts": 'import { guard } from "../ports/guard.js";' }, "only types"],
			[
				{ "firmware/net/a.ts": 'import { Session } from "../mqtt/session.js";', "firmware/mqtt/session.ts": "" },
				"only types",
			],
			[{ ...BOARD_FILE, "firmware/runtime/a.ts": 'import "../board/pin.js";' }, "may not import firmware/board"],
			[
				{ ...BOARD_FILE, "firmware/runtime/a.ts": 'export { pin } from "../board/pin.js";' },
				"may not import firmware/board",
			],
			[
				{ ...BOARD_FILE, "firmware/runtime/a.ts": 'type Pin = import("../board/pin.js").Pin;' },
				"may not import firmware/board",
			],
			[{ ...BOARD_FILE, "scripts/a.ts": 'await import("../firmware/board/pin.js");' }, "may not import firmware/board"],
			[
				{ ...BOARD_FILE, "host-tests/board/a.test.ts": 'import "../../firmware/board/pin.js";' },
				"may not import firmware/board",
			],
			[
				{ "firmware/device.ts": 'import { run } from "./runtime/run.js";', "firmware/runtime/run.ts": "" },
				"may not import firmware/runtime",
			],
			[
				{ "firmware/runtime/a.ts": 'import { x } from "../main.js";', "firmware/main.ts": "" },
				"may not import firmware/main",
			],
			[{ "firmware/mqtt/session.ts": 'import Parser from "mqtt-packet/parser.js";' }, "codec's alone"],
			[
				{ "scripts/a.ts": 'import mqtt from "mqtt-packet";', "package.json": '{"dependencies":{"mqtt-packet":"9"}}' },
				"codec's alone",
			],
			[{ "firmware/runtime/a.ts": 'import Timer from "timer";' }, "no packages"],
			[{ "scripts/a.ts": 'import Digital from "embedded:io/digital";' }, "not in package.json"],
			[{ "firmware/board/a.ts": 'import { join } from "node:path";' }, "not part of the SDK"],
			[
				{
					"host-tests/virtual/a.ts": 'import { expect } from "vitest";',
					"package.json": '{"devDependencies":{"vitest":"4"}}',
				},
				"no packages",
			],
			[
				{ "host-tests/model/a.test.ts": 'import "../../scripts/cli.js";', "scripts/cli.ts": "" },
				"may not import scripts",
			],
			[{ "scripts/a.ts": 'import "left-pad";' }, "not in package.json"],
			[{ "firmware/model/a.ts": 'import "./missing.js";' }, "there is no"],
			[{ "attic/a.ts": "" }, "no rule"],
			[{ "firmware/extra/a.ts": "" }, "no rule"],
		],
		innocent: [
			{ ...GUARD, "firmware/drivers/a.ts": 'import type { Level } from "../ports/pins.js";' },
			{ "firmware/net/a.ts": 'import { type Session } from "../mqtt/session.js";', "firmware/mqtt/session.ts": "" },
			{ "firmware/board/a.ts": 'import Timer from "timer"; import Digital from "embedded:io/digital";' },
			{ "firmware/mqtt/codec.ts": 'import Parser from "mqtt-packet/parser.js";' },
			{ "host-tests/virtual/a.test.ts": 'import { readFileSync } from "node:fs";' },
		],
	},
	{
		name: "ports are interfaces",
		check: eachSource((path) => path.startsWith(PORTS) && path !== `${PORTS}guard.ts`, checkPorts),
		planted: [
			[{ "firmware/ports/a.ts": "export const A = 1;" }, "a.ts:1: ports hold interfaces"],
			[{ "firmware/ports/a.ts": 'import { b } from "./b.js";', "firmware/ports/b.ts": "" }, "ports hold interfaces"],
			[{ "firmware/ports/a.ts": "export class A {}" }, "ports hold interfaces"],
		],
		innocent: [{ "firmware/ports/a.ts": 'import type { B } from "./b.js"; export interface A { readonly b: B }' }],
	},
];
