import type { Outcome, Rule } from "./rule.js";
import type { Tree } from "./tree.js";

const LOCK = "package-lock.json";
const ROOT_PACKAGE = "";

interface Locked {
	readonly optionalDependencies?: Readonly<Record<string, string>>;
	readonly extraneous?: boolean;
}

type Packages = Readonly<Record<string, Locked>>;

/** Whether `require(name)` from the package at `path` finds anything: its own folder first, then those around it. */
function isFound(packages: Packages, path: string, name: string): boolean {
	const folders = path === ROOT_PACKAGE ? [] : path.split("/node_modules/");
	for (let depth = folders.length; depth > 0; depth--) {
		if (`${folders.slice(0, depth).join("/node_modules/")}/node_modules/${name}` in packages) return true;
	}
	return `node_modules/${name}` in packages;
}

/**
 * npm writes the optional packages of the machine it runs on, and now and then of that one only: `npm ci` then fails on
 * every other. What belongs to nothing is what a machine had lying about: every `npm install` would take it out again.
 */
function checkLock(tree: Tree): Outcome {
	const { packages = {} } = JSON.parse(tree.text(LOCK) ?? "{}") as { packages?: Packages };
	const findings: string[] = [];
	let looked = 0;
	for (const [path, { optionalDependencies = {}, extraneous = false }] of Object.entries(packages)) {
		if (extraneous) findings.push(`${LOCK}: nothing needs ${path}: take it out`);
		for (const name of Object.keys(optionalDependencies)) {
			looked++;
			if (isFound(packages, path, name)) continue;
			findings.push(`${LOCK}: ${path || "package.json"} may want ${name}, which is not there: npm ci fails elsewhere`);
		}
	}
	return { looked, findings };
}

function lock(packages: Packages): Readonly<Record<string, string>> {
	return { [LOCK]: JSON.stringify({ lockfileVersion: 3, packages }) };
}

const TOOL: Locked = { optionalDependencies: { "@tool/linux": "1", "@tool/windows": "1" } };

export const lockRules: readonly Rule[] = [
	{
		name: "the lock file serves every platform",
		check: checkLock,
		planted: [
			[lock({ "node_modules/tool": TOOL, "node_modules/@tool/linux": {} }), "node_modules/tool may want @tool/windows"],
			[lock({ "": { optionalDependencies: { xsnap: "1" } } }), "package.json may want xsnap"],
			[
				lock({ "": { optionalDependencies: { xsnap: "1" } }, "node_modules/a/node_modules/xsnap": {} }),
				"package.json may want xsnap",
			],
			[
				lock({
					"node_modules/a/node_modules/tool": TOOL,
					"node_modules/@tool/linux": {},
					"node_modules/b/node_modules/@tool/windows": {},
				}),
				"node_modules/a/node_modules/tool may want @tool/windows",
			],
			[lock({ "node_modules/yaml": { extraneous: true } }), "nothing needs node_modules/yaml"],
		],
		innocent: [
			lock({
				"node_modules/a": {},
				"node_modules/a/node_modules/tool": TOOL,
				"node_modules/a/node_modules/tool/node_modules/@tool/linux": {},
				"node_modules/a/node_modules/@tool/windows": {},
			}),
			lock({ "node_modules/tool": TOOL, "node_modules/@tool/linux": {}, "node_modules/@tool/windows": {} }),
		],
	},
];
