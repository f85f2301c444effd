import ts from "typescript";
import { importsOf } from "./imports.js";
import { at, type Outcome, type Rule } from "./rule.js";
import type { Tree } from "./tree.js";

const COMMANDS = "scripts/cli.ts";
/** Packages that take longer to load than most commands to run. */
const HEAVY = /^(@peculiar\/x509|@rollup\/.*|aedes|esbuild|mqtt|rollup|typescript|vite)$/;

/** Follows what is loaded before any command does anything. */
function checkStart(tree: Tree): Outcome {
	const byPath = new Map(tree.sources.map((source) => [source.path, source]));
	const seen = new Set<string>();
	const next = [COMMANDS];
	const findings: string[] = [];
	for (let path = next.pop(); path !== undefined; path = next.pop()) {
		const source = byPath.get(path);
		if (source === undefined || seen.has(path)) continue;
		seen.add(path);
		for (const { node, specifier, typeOnly } of importsOf(source)) {
			if (typeOnly || ts.isCallExpression(node)) continue;
			if (HEAVY.test(specifier))
				findings.push(at(source, node, `every command waits for ${specifier}: import() it in the one that needs it`));
			const target = specifier.startsWith(".") ? tree.resolve(path, specifier) : undefined;
			if (target !== undefined) next.push(target);
		}
	}
	return { looked: seen.size, findings };
}

export const startupRules: readonly Rule[] = [
	{
		name: "no command waits for what only another one needs",
		check: checkStart,
		planted: [
			[{ [COMMANDS]: 'import { rollup } from "rollup";' }, "scripts/cli.ts:1: every command waits for rollup"],
			[
				{ [COMMANDS]: 'import "./a.js";', "scripts/a.ts": 'export { connect } from "mqtt";' },
				"scripts/a.ts:1: every command waits for mqtt",
			],
		],
		innocent: [
			{ [COMMANDS]: 'const { a } = await import("./a.js");', "scripts/a.ts": 'import "rollup";' },
			{ [COMMANDS]: 'import type { MqttClient } from "mqtt";' },
		],
	},
];
