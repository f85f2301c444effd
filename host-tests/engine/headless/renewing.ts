import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ImageServer, serveImage } from "../../../scripts/release/server.js";
import { virtualImage } from "../../virtual/image.js";
import { buildFirmware, type Creation, type Running, runHeadless, WORK } from "./headless.js";
import type { Certificates, Mosquitto } from "./mosquitto.js";

/** Where the slots of firmware/renewing.ts lie, and no chip's do: in the engine's memory, bytes. */
export const FLASH_SLOTS_BYTES = 2 * 0x8000;

/** An image of some sectors: its version, the memory that it leaves, and how long it may take to prove itself. */
export function imageOf(version: string, free = 100_000, withinMs = 60_000): Uint8Array {
	const content = Buffer.alloc(27_000, "what there is to run ");
	content.write(`${version} ${free} ${withinMs}\0`);
	return virtualImage(content);
}

/** The reference device, renewed from afar, as it was flashed and online over TLS; with heaps of these sizes, or such as grow. */
export async function startRenewing(broker: Mosquitto, { root }: Certificates, creation?: Creation): Promise<Running> {
	rmSync(join(WORK, "farpin-renewing", "firmware", "simulator", "storage"), { recursive: true, force: true });
	const firmware = await buildFirmware({
		target: "simulator",
		platform: "lin",
		name: "farpin-renewing",
		entry: "host-tests/engine/firmware/renewing.ts",
		updates: true,
		settings: { id: "renewing", broker: { url: `mqtts://127.0.0.1:${broker.tlsPort}`, ca: root } },
		...(creation === undefined ? {} : { creation }),
	});
	const running = await runHeadless(firmware);
	await running.line(/^link: online/);
	return running;
}

/** Serves an image over HTTPS, with this chain or the one that there is. */
export async function serveRelease(
	certificates: Certificates,
	image: Uint8Array,
	chain = certificates.chain,
): Promise<ImageServer & { readonly url: string }> {
	const identity = {
		key: readFileSync(certificates.key, "utf8"),
		chain: readFileSync(chain, "utf8"),
		root: readFileSync(certificates.root, "utf8"),
		rootPath: certificates.root,
	};
	const server = await serveImage({ identity, listen: "127.0.0.1", port: 0, path: "/a.bin", image });
	return { ...server, url: `https://127.0.0.1:${server.port}/a.bin` };
}
