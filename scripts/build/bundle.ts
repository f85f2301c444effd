import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, isAbsolute, resolve } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import typescript from "@rollup/plugin-typescript";
import { type Plugin, type RollupBuild, type RollupOptions, type RollupOutput, rollup } from "rollup";
import { withoutUnused } from "./mqtt-packet.js";
import { BuildError } from "./settings.js";

const ROOT = resolve(import.meta.dirname, "../..");
const STAND_INS = resolve(ROOT, "firmware/mqtt/standins/aliases.json");

/** Where everything but the entry goes: the part that the build for the chip evaluates and puts into flash. */
export const LIBRARY = "farpin";
export const ENTRY = "main";
/** Modules of ours that take the place of the SDK's of the same name; manifests/common/firmware.json leaves those out. */
const REPLACED: Readonly<Record<string, string>> = {
	"ssl/cert": "firmware/board/ssl/cert.ts",
	"ssl/ciphersuites": "firmware/board/ssl/ciphersuites.ts",
};

/** One firmware as XS takes it. */
export interface Bundle {
	readonly output: RollupOutput["output"];
	/** Modules that the SDK must supply. */
	readonly imports: readonly string[];
}

/** What a firmware may do without. */
export interface Parts {
	/** A broker is reached through a WebSocket. */
	readonly webSocket: boolean;
	/** It is renewed from afar. */
	readonly updates: boolean;
	/** It shows brokers a certificate of its own. */
	readonly identity: boolean;
}

/** Firmware that was read, each kind once, whatever is made of it. To be closed. */
export class Bundles {
	readonly #read = new Map<string, RollupBuild>();
	/** Has checked and translated all sources. */
	#compiler: Plugin | undefined;
	readonly #isChecked: boolean;

	/** @param isChecked somebody else checks the types of the sources */
	constructor(isChecked = false) {
		this.#isChecked = isChecked;
	}

	/** The firmware whose entry is `entry`, a path from the root of the repository. */
	async of(entry: string, parts: Parts): Promise<RollupBuild> {
		const key = `${entry} ${parts.webSocket} ${parts.updates} ${parts.identity}`;
		const known = this.#read.get(key);
		if (known !== undefined) return known;
		// All kinds are made of the same sources: once is enough to have them checked and translated.
		const compiler = this.#compiler === undefined ? compile(this.#isChecked) : lookUp(this.#compiler);
		const read = await bundle(inputOptions(entry, parts, compiler));
		this.#compiler ??= compiler;
		this.#read.set(key, read);
		return read;
	}

	async close(): Promise<void> {
		for (const read of this.#read.values()) await read.close();
		this.#read.clear();
	}
}

async function bundle(options: RollupOptions): Promise<RollupBuild> {
	const complaints: string[] = [];
	let build: RollupBuild | undefined;
	try {
		build = await rollup({ ...options, onwarn: ({ message }) => complaints.push(message) });
	} catch (error) {
		complaints.push((error as Error).message);
	}
	// What would fail on the chip, or make its image depend on luck, fails here.
	if (build && complaints.length === 0) return build;
	await build?.close();
	const [first = ""] = complaints;
	throw new BuildError(
		`The firmware cannot be built: ${first.replace(/^\[plugin \S+\] |@rollup\/plugin-typescript /g, "")}`,
	);
}

function inputOptions(entry: string, parts: Parts, compiler: Plugin): RollupOptions {
	const replaced = Object.fromEntries(Object.entries(REPLACED).map(([id, path]) => [id, resolve(ROOT, path)]));
	return {
		input: { [ENTRY]: resolve(ROOT, entry), ...replaced },
		external: (id) => !/^[.\0]/.test(id) && !isAbsolute(id) && isFromSdk(id),
		plugins: [
			standIns(),
			withoutUnused(),
			...(parts.webSocket ? [] : [without("firmware/net/websocket.ts", "WebSocketStream", "WebSocket")]),
			...(parts.updates ? [] : [without("firmware/runtime/updatable-runtime.ts", "UpdatableRuntime", "updates")]),
			...(parts.updates ? [] : [withoutSlots()]),
			...(parts.identity ? [] : [without("firmware/board/device-key.ts", "DeviceKey", "client certificates")]),
			nodeResolve({ preferBuiltins: false, extensions: [".ts", ".js"] }),
			// "auto": `require` of a stand-in that has nothing but a default export is that export.
			commonjs({ requireReturnsDefault: "auto", extensions: [".js"] }),
			compiler,
		],
	};
}

function compile(noCheck: boolean): Plugin {
	return typescript({
		tsconfig: resolve(ROOT, "firmware/board/tsconfig.json"),
		filterRoot: ROOT,
		include: ["firmware/**/*.ts", "host-tests/**/*.ts", "manifests/**/*.ts"],
		compilerOptions: { noEmit: false, noCheck, rootDir: ROOT, sourceMap: true, inlineSources: true },
		// As complaints, not as errors: those it would throw once more from a timer, where nobody catches them.
		noEmitOnError: false,
	});
}

/** The same for one more build, which finds what was translated for the first. */
function lookUp({ name, resolveId, load }: Plugin): Plugin {
	return { name, resolveId, load };
}

/** Makes of it the modules that are going to lie in `folder`. */
export async function render(build: RollupBuild, folder: string): Promise<Bundle> {
	const { output } = await build.generate({
		dir: folder,
		format: "es",
		sourcemap: true,
		entryFileNames: "[name].js",
		chunkFileNames: "[name].js",
		// The entry is not preloaded: it is to load the library and no more.
		hoistTransitiveImports: false,
		manualChunks: (id, { getModuleInfo }) => (getModuleInfo(id)?.isEntry ? undefined : LIBRARY),
	});
	const own = output.map((chunk) => chunk.fileName);
	const imports = output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.imports : []));
	return { output, imports: [...new Set(imports)].filter((id) => !own.includes(id)).sort() };
}

/** Anything that is not installed here must come from the SDK; mcconfig says so if it does not. */
function isFromSdk(id: string): boolean {
	if (Object.hasOwn(readAliases(), id)) return false;
	return id.startsWith("embedded:") || builtinModules.includes(id) || !isInstalled(id);
}

function isInstalled(id: string): boolean {
	try {
		import.meta.resolve(id);
		return true;
	} catch {
		return false;
	}
}

function readAliases(): Record<string, string> {
	return JSON.parse(readFileSync(STAND_INS, "utf8"));
}

/** Puts our own in place of what mqtt-packet wants of Node: as aliases.json beside them says. */
function standIns(): Plugin {
	const aliases = readAliases();
	return {
		name: "stand-ins",
		resolveId: {
			order: "pre",
			handler(id, importer) {
				const standIn = Object.hasOwn(aliases, id) ? aliases[id] : undefined;
				// Relative ones only for the package that they are meant for.
				if (!standIn || (id.startsWith(".") && !importer?.includes("node_modules/mqtt-packet/"))) return null;
				return resolve(dirname(STAND_INS), standIn);
			},
		},
	};
}

/** Leaves out a class that this firmware never makes, and keeps a sentence in its place. */
function without(path: string, name: string, what: string): Plugin {
	const left = resolve(ROOT, path);
	return {
		name: `without ${what}`,
		load: (id) =>
			id === left
				? `export class ${name} { constructor() { throw new Error("this firmware was built without ${what}"); } }`
				: null,
	};
}

/** Nobody asks for the other slot, and the SDK's part that writes it is not there. */
function withoutSlots(): Plugin {
	const left = resolve(ROOT, "firmware/board/chip-slots.ts");
	return {
		name: "without slots",
		load: (id) => (id === left ? "export function chipSlots() { return undefined; }" : null),
	};
}
