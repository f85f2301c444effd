import { execFileSync } from "node:child_process";
import ts from "typescript";
import { at, eachNode, type Outcome, type Rule } from "./rule.js";
import { ROOT, type Tree } from "./tree.js";

/** What owners, the SDK and the issues count on. */
const FIXED_PACKAGES = [
	"@moddable/typings",
	"@rollup/plugin-typescript",
	"mqtt-packet",
	"rollup",
	"typescript",
	"vitest",
	"xs-dev",
];
const MACHINE_MADE = [/^build\//, /(^|\/)\.farpin\//, /(^|\/)node_modules\//, /^manifests\/settings\.json$/, /\.log$/];
// In two parts, so that this very file does not hold it.
const PRIVATE_KEY = new RegExp(`-{5}BEGIN ${"[A-Z ]*PRIVATE"} KEY-{5}`);
/** The private members of a JSON Web Key (RFC 7518 §6), and what they hold. */
const JWK_SECRET = /^[dk]$/;
const BASE64URL_KEY = /^[\w-]{21,}$/;
const SECRET_NAME = /^(password|passphrase|secret|token|privateKey)$/i;

/** What git keeps of the repository; undefined where there is no git to ask. */
export function trackedFiles(): string[] | undefined {
	try {
		return execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0").filter(Boolean);
	} catch {
		return undefined;
	}
}

function checkKeys(tree: Tree): Outcome {
	const findings = tree.paths
		.filter((path) => PRIVATE_KEY.test(tree.text(path) ?? ""))
		.map((path) => `${path}: holds a private key: make it when it is needed`);
	return { looked: tree.paths.length, findings };
}

/** A secret written down: tests may, they open nothing. */
function checkSecret(node: ts.Node): string | undefined {
	const isNamed = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node);
	if (!isNamed || node.initializer === undefined || !ts.isStringLiteralLike(node.initializer)) return undefined;
	const name = ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : "";
	const { text } = node.initializer;
	const isSecret = (SECRET_NAME.test(name) && text !== "") || (JWK_SECRET.test(name) && BASE64URL_KEY.test(text));
	return isSecret ? `${name} is written down here: it belongs into a file that git does not keep` : undefined;
}

function checkJsonSecrets(tree: Tree): Outcome {
	const documents = tree.paths.filter((path) => path.endsWith(".json") && !path.endsWith(".example.json"));
	const findings = documents.flatMap((path) => {
		const parsed = ts.parseJsonText(path, tree.text(path) ?? "");
		const found: string[] = [];
		const visit = (node: ts.Node): void => {
			const wrong = checkSecret(node);
			if (wrong !== undefined) found.push(at({ path, text: "", ast: parsed }, node, wrong));
			ts.forEachChild(node, visit);
		};
		visit(parsed);
		return found;
	});
	return { looked: documents.length, findings };
}

function checkTracked(paths: readonly string[]): Outcome {
	const findings = paths
		.filter((path) => MACHINE_MADE.some((pattern) => pattern.test(path)))
		.map((path) => `${path}: a machine makes it: git rm --cached`);
	return { looked: paths.length, findings };
}

function checkPackages(tree: Tree): Outcome {
	const parsed = JSON.parse(tree.text("package.json") ?? "{}") as Record<string, object | undefined>;
	const present = [parsed.dependencies, parsed.devDependencies, parsed.optionalDependencies].flatMap((list) =>
		Object.keys(list ?? {}),
	);
	const missing = FIXED_PACKAGES.filter((name) => !present.includes(name));
	return { looked: present.length, findings: missing.map((name) => `package.json: ${name} is missing`) };
}

/** Beside a package.json, xs-dev takes mcpack in place of mcconfig, which knows nothing of our manifests. */
function checkManifests(tree: Tree): Outcome {
	const folders = tree.paths.filter((path) => /(^|\/)manifest\.json$/.test(path)).map((path) => path.slice(0, -13));
	const findings = folders
		.filter((folder) => tree.has(`${folder}package.json`))
		.map((folder) => `${folder}package.json: stands beside a manifest.json, so that xs-dev would not use the manifest`);
	return { looked: folders.length, findings };
}

const ALL = Object.fromEntries(FIXED_PACKAGES.map((name) => [name, "1"]));

function packages(without: string): string {
	return JSON.stringify({
		devDependencies: Object.fromEntries(Object.entries(ALL).filter(([name]) => name !== without)),
	});
}

export const repositoryRules: readonly Rule[] = [
	{
		name: "no private key lies around",
		check: checkKeys,
		planted: [
			[{ "scripts/pki/key.pem": `-----BEGIN ${"PRIVATE"} KEY-----\nAAAA` }, "scripts/pki/key.pem"],
			[{ "host-tests/a.ts": `const key = "-----BEGIN RSA ${"PRIVATE"} KEY-----";` }, "host-tests/a.ts"],
		],
		innocent: [{ "a.pem": "-----BEGIN CERTIFICATE-----" }],
	},
	{
		name: "no secret is written down in a program",
		check: eachNode((path) => !path.startsWith("host-tests/"), checkSecret),
		planted: [
			[
				{ "firmware/board/a.ts": 'const settings = { ssid: "home", password: "12345678" };' },
				"password is written down",
			],
			[{ "scripts/a.ts": 'const token = "abcdef";' }, "token is written down"],
			[{ "scripts/a.js": "class A { passphrase = `x`; }" }, "passphrase is written down"],
		],
		innocent: [
			{ "scripts/a.ts": 'const it = { password: options.password, passwordFile: "owner.password", token: "" };' },
		],
	},
	{
		name: "no secret is written down in a settings file",
		check: checkJsonSecrets,
		planted: [
			[{ "manifests/esp32/wifi.json": '{"wifi":{"password":"12345678"}}' }, "password is written down"],
			[{ "keys/owner.json": `{"kty":"oct","k":"${"A".repeat(22)}"}` }, "k is written down"],
			[{ "keys/laptop.json": `{"kty":"EC","d":"${"A".repeat(43)}"}` }, "d is written down"],
		],
		innocent: [
			{ "manifests/settings.example.json": '{"wifi":{"password":"your password"}}' },
			{ "a.json": '{"k":"short","d":"m 0 0 l 10 10 z, a drawing and no key"}' },
		],
	},
	{
		name: "git keeps nothing that a machine makes",
		check: (tree, isWhole) => checkTracked((isWhole ? trackedFiles() : undefined) ?? tree.paths),
		planted: [
			[{ "build/esp32/main.js": "" }, "build/esp32/main.js"],
			[{ ".farpin/owner.password": "" }, ".farpin/owner.password"],
			[{ "manifests/settings.json": "{}" }, "manifests/settings.json"],
		],
		innocent: [{ "scripts/build/build.ts": "", "manifests/settings.example.json": "{}" }],
	},
	{
		name: "package.json keeps what the project is built on",
		check: checkPackages,
		planted: FIXED_PACKAGES.map((name) => [{ "package.json": packages(name) }, `${name} is missing`] as const),
		innocent: [{ "package.json": packages("") }],
	},
	{
		name: "no package.json stands beside a manifest.json",
		check: checkManifests,
		planted: [[{ "manifests/esp32/manifest.json": "{}", "manifests/esp32/package.json": "{}" }, "xs-dev would not"]],
		innocent: [{ "manifests/esp32/manifest.json": "{}", "package.json": "{}" }],
	},
];
