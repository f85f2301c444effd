import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Where tests start engines, brokers, browsers, servers and programs. */
const REAL = ["engine", "conformance", "scripts"].map((folder) => `host-tests/${folder}/**/*.test.ts`);
const SDK = "host-tests/engine/sdk*.test.ts";
/** Files share processes, for a process of its own would cost each more than its tests do; what they import they do not share. */
const SHARED = { isolate: false, setupFiles: [resolve(import.meta.dirname, "host-tests/fresh-modules.ts")] };
/** Where there is an SDK, one file at a time: its builds share folders. */
const ONE_BUILD = process.env.MODDABLE === undefined ? {} : { maxWorkers: 1 };

/** Files that take seconds, the longest first: begun last, one of them would run alone at the end. */
const LONGEST = [
	"host-tests/scripts/cli.test.ts",
	"host-tests/scripts/start-ends.test.ts",
	"host-tests/scripts/build/build.test.ts",
	"host-tests/conformance/mosquitto.test.ts",
	"host-tests/engine/xs.test.ts",
	"host-tests/conformance/aedes.test.ts",
	"host-tests/engine/reconnects.test.ts",
	"host-tests/scripts/page.test.ts",
	"host-tests/scripts/bench.test.ts",
	"host-tests/scripts/provision/provision.test.ts",
	"host-tests/scripts/board.test.ts",
	"host-tests/scripts/release.test.ts",
	"host-tests/scripts/check.test.ts",
	"host-tests/conformance/peers.test.ts",
	"host-tests/scripts/page-keys.test.ts",
	"host-tests/update/power-cuts.test.ts",
	"host-tests/mqtt/malformed.test.ts",
];

class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const sorted = await super.sort(files);
		return [...sorted.filter((file) => !isVirtual(file)).sort(byLength), ...sorted.filter(isVirtual).sort(byLength)];
	}
}

function isVirtual({ project }: TestSpecification): boolean {
	return project.name === "virtual";
}

function byLength(a: TestSpecification, b: TestSpecification): number {
	return placeOf(a) - placeOf(b);
}

function placeOf({ moduleId }: TestSpecification): number {
	const place = LONGEST.indexOf(relative(import.meta.dirname, moduleId).replaceAll("\\", "/"));
	return place < 0 ? LONGEST.length : place;
}

export default defineConfig({
	test: {
		testTimeout: 60_000,
		hookTimeout: 120_000,
		maxWorkers: availableParallelism() + 1, // one more than there are cores: files with brokers and browsers mostly wait
		deps: { interopDefault: false }, // as Node itself imports
		sequence: { sequencer: LongestFirst },
		projects: [
			{ extends: true, test: { name: "real", include: REAL, exclude: [SDK], ...SHARED } },
			{ extends: true, test: { name: "sdk", include: [SDK], ...ONE_BUILD } },
			{ extends: true, test: { name: "virtual", include: ["host-tests/**/*.test.ts"], exclude: REAL, ...SHARED } },
		],
	},
});
