import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { type Plugin, rollup } from "rollup";
import { withoutTypes } from "../engine/xsnap/types.js";

const MQTT = resolve(import.meta.dirname, "../../firmware/mqtt");
const STANDINS = join(MQTT, "standins");
const ALIASES: Record<string, string> = JSON.parse(readFileSync(join(STANDINS, "aliases.json"), "utf8"));

/** Everything of the codec as it runs on XS: mqtt-packet bundled with the stand-ins. */
export interface BundledCodec {
	encode: typeof import("../../firmware/mqtt/codec.js").encode;
	decode: typeof import("../../firmware/mqtt/codec.js").decode;
	useText: typeof import("../../firmware/mqtt/standins/text.js").useText;
	Buffer: typeof import("../../firmware/mqtt/standins/buffer.js").Buffer;
}

/** Bundles the codec with the stand-ins of aliases.json and loads it. */
export async function bundleCodec(): Promise<{ code: string; codec: BundledCodec }> {
	const build = await rollup({
		input: "entry",
		plugins: [entry(), standIns(), types(), nodeResolve({ preferBuiltins: false }), commonjs()],
		onwarn(warning) {
			throw new Error(warning.message);
		},
	});
	const { output } = await build.generate({ format: "es" });
	await build.close();
	const folder = mkdtempSync(join(tmpdir(), "codec-"));
	try {
		const file = join(folder, "codec.mjs");
		writeFileSync(file, output[0].code);
		return { code: output[0].code, codec: await import(/* @vite-ignore */ pathToFileURL(file).href) };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function entry(): Plugin {
	const code = [
		`export { encode, decode } from "${MQTT}/codec.js";`,
		`export { useText } from "${STANDINS}/text.js";`,
		`export { Buffer } from "${STANDINS}/buffer.js";`,
	].join("\n");
	return {
		name: "entry",
		resolveId: (id) => (id === "entry" ? "\0entry" : null),
		load: (id) => (id === "\0entry" ? code.replaceAll("\\", "/") : null),
	};
}

function standIns(): Plugin {
	return {
		name: "stand-ins",
		resolveId: {
			order: "pre",
			handler(id, importer) {
				const standIn = Object.hasOwn(ALIASES, id) ? ALIASES[id] : undefined;
				const within = importer?.replaceAll("\\", "/").includes("/node_modules/mqtt-packet/");
				return standIn !== undefined && within ? resolve(STANDINS, standIn) : null;
			},
		},
	};
}

/** TypeScript's types, taken off. */
function types(): Plugin {
	return {
		name: "types",
		resolveId(id, importer) {
			if (!id.endsWith(".js") || (!id.startsWith(".") && !id.startsWith(MQTT))) return null;
			const file = resolve(importer === undefined ? "" : dirname(importer), id).replace(/\.js$/, ".ts");
			return file.startsWith(MQTT) ? file : null;
		},
		async transform(code, id) {
			return id.endsWith(".ts") ? { code: await withoutTypes(code), map: null } : null;
		},
	};
}
