import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { type OutputPlugin, type Plugin, rollup } from "rollup";
import { withoutTypes } from "./types.js";

/** The same list that the build for the chip reads. */
const STAND_INS = resolve(import.meta.dirname, "../../../firmware/mqtt/standins/aliases.json");

export interface BundleOptions {
	/** `iife`, the usual one, for an engine that has nothing but JavaScript; `es` for one with modules. */
	readonly format?: "iife" | "es";
	/** Which file stands for a module of this name, besides and before the stand-ins; "" for none. */
	readonly aliases?: Readonly<Record<string, string>>;
	/** Modules that the engine brings itself. */
	readonly external?: readonly string[] | RegExp;
	/** What is done to the script when it is made. */
	readonly finish?: OutputPlugin;
}

/** Makes one script of `entry` and everything it imports. */
export async function bundleScript(entry: string, options: BundleOptions = {}): Promise<string> {
	const { format = "iife", aliases = {}, external = [], finish } = options;
	const build = await rollup({
		input: entry,
		external: external instanceof RegExp ? external : [...external],
		plugins: [
			standIns(new Map(Object.entries(aliases))),
			sources(),
			nodeResolve({ preferBuiltins: false }),
			commonjs({ requireReturnsDefault: "auto", extensions: [".js"] }),
		],
		onwarn(warning) {
			throw new Error(`cannot be bundled for XS: ${warning.message}`);
		},
	});
	const { output } = await build.generate({ format, plugins: [finish] });
	await build.close();
	return output[0].code;
}

/** Our own in place of what mqtt-packet wants of Node, unless `others` knows better. */
function standIns(others: ReadonlyMap<string, string>): Plugin {
	const aliases = new Map(Object.entries(JSON.parse(readFileSync(STAND_INS, "utf8")) as Record<string, string>));
	return {
		name: "stand-ins",
		resolveId: {
			order: "pre",
			handler(id, importer) {
				const other = others.get(id);
				if (other !== undefined) return other === "" ? null : other;
				const standIn = importer?.includes("node_modules/mqtt-packet/") ? aliases.get(id) : undefined;
				return standIn === undefined ? null : resolve(dirname(STAND_INS), standIn);
			},
		},
	};
}

/** TypeScript, where an import means the file that its JavaScript would be made of. */
function sources(): Plugin {
	return {
		name: "sources",
		resolveId(id, importer) {
			if (!importer || !id.startsWith(".") || !id.endsWith(".js")) return null;
			const path = resolve(dirname(importer), id.replace(/\.js$/, ".ts"));
			return existsSync(path) ? path : null;
		},
		async transform(code, id) {
			return id.endsWith(".ts") ? { code: await withoutTypes(code), map: null } : null;
		},
	};
}
