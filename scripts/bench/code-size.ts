import { resolve } from "node:path";
import terser from "@rollup/plugin-terser";
import { bundleScript } from "../../host-tests/engine/xsnap/bundle.js";
import { align } from "./table.js";

const ROOT = resolve(import.meta.dirname, "../..");
/** The SDK's; on the chip they are in its image already. */
const FROM_SDK = /^(embedded:.*|[A-Za-z0-9]+(\/[A-Za-z0-9]+)?)$/;
export const PARTS = [
	["the firmware, with its device and its board", "firmware/main.ts"],
	["of which the MQTT session", "firmware/mqtt/session.ts"],
	["of which mqtt-packet and its stand-ins", "firmware/mqtt/codec.ts"],
] as const;

/** Lines that tell how large the minified code is, dependencies included, and without what the SDK brings. */
export async function codeSizes(parts: readonly (readonly [name: string, entry: string])[] = PARTS): Promise<string[]> {
	const rows: string[][] = [];
	for (const [name, entry] of parts) {
		const script = await bundleScript(resolve(ROOT, entry), {
			format: "es",
			external: FROM_SDK,
			finish: terser({ module: true }),
		});
		rows.push([name, "", Buffer.byteLength(script).toLocaleString("en-US")]);
	}
	return ["Code, minified, bytes:", ...align(rows)];
}
