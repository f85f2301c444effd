import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { TlsIdentity } from "../../firmware/ports/network.js";
import type { ReleaseKey } from "../../firmware/update/release.js";
import { type Bundle, ENTRY } from "./bundle.js";
import type { BuildSettings } from "./settings.js";

/** What is to be known of a firmware beside its settings. */
export interface FirmwareFacts {
	readonly target: string;
	/** Keys that new firmware may be signed with; undefined for one that is not renewed from afar. */
	readonly releaseKeys?: readonly ReleaseKey[] | undefined;
}

/** What a firmware that is renewed needs of the SDK, and no other does. */
const RENEWED = {
	include: ["$(MODDABLE)/modules/io/update/manifest.json"],
	ffi: { functions: { esp_ota_mark_app_valid_cancel_rollback: { arguments: [], returns: "int32_t" } } },
};

/** Of a firmware that is told on its board. */
const NONE: Partial<BuildSettings> = {};

/** Where the modules of the firmware in `folder` are. */
export function modulesIn(folder: string): string {
	return join(folder, "modules");
}

/**
 * Writes a bundle, its settings if it has any, and the part of a Moddable manifest that names them to `folder`, in place of whatever
 * was there. The list of modules and preloads is the bundle's own: nobody keeps one by hand.
 */
export function writeFirmware(
	folder: string,
	{ output }: Bundle,
	settings: BuildSettings | undefined,
	about: FirmwareFacts,
): void {
	const { target, releaseKeys } = about;
	const simulated = target === "simulator";
	for (const old of ["manifest.json", "modules", "roots"]) rmSync(join(folder, old), { recursive: true, force: true });
	for (const name of ["modules", "roots"]) mkdirSync(join(folder, name), { recursive: true });
	const storage = simulated ? makeStorage(folder) : undefined;

	const modules: Record<string, string> = {};
	for (const file of output) {
		mkdirSync(dirname(join(modulesIn(folder), file.fileName)), { recursive: true });
		writeFileSync(join(modulesIn(folder), file.fileName), file.type === "chunk" ? file.code : file.source);
		if (file.type === "chunk") modules[file.name] = `./modules/${file.name}`;
	}
	const { releaseKeys: _, identities = [], roots = [], releaseRoots = [], ...others } = settings ?? NONE;
	const files = writeSecrets(join(folder, "roots"), roots, identities); // no key is to be in the manifest
	const manifest = {
		...(releaseKeys === undefined || simulated ? {} : RENEWED),
		modules,
		preload: Object.keys(modules).filter((name) => name !== ENTRY),
		resources: { "*": files.map((name) => `./roots/${name}`) },
		config: {
			farpin: {
				...others,
				...(releaseKeys === undefined ? {} : { releaseKeys, releaseRoots }),
				...(simulated ? {} : { target }),
				roots: roots.length,
				builtMs: buildDayMs(),
				storage,
			},
		},
	};
	writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, "\t")}\n`);
}

/** What the firmware's settings refer to by number, as files in `folder`; returns their names without the ending. */
function writeSecrets(folder: string, roots: readonly Buffer[], identities: readonly TlsIdentity[]): string[] {
	const files = new Map<string, Uint8Array>();
	roots.forEach((der, n) => {
		files.set(`root-${n}`, der);
	});
	identities.forEach(({ certificates, key }, number) => {
		certificates.forEach((der, n) => {
			files.set(`client-${number}-${n}`, der);
		});
		files.set(`client-${number}-key`, key);
	});
	for (const [name, der] of files) writeFileSync(join(folder, `${name}.der`), der, { mode: 0o600 });
	return [...files.keys()];
}

/**
 * The day of the build, milliseconds since 1970: the firmware believes no earlier time. A whole day, so that two builds of
 * one day are the same; the variable of reproducible-builds.org names another.
 */
function buildDayMs(): number {
	const given = Number(process.env.SOURCE_DATE_EPOCH);
	const nowMs = given > 0 ? given * 1_000 : Date.now();
	return nowMs - (nowMs % 86_400_000);
}

/** The folder that stands in for a simulator's flash, and outlives builds; as the firmware is told of it. */
function makeStorage(folder: string): string {
	const storage = resolve(folder, "storage");
	mkdirSync(storage, { recursive: true });
	return `${storage.replaceAll("\\", "/")}/`;
}
