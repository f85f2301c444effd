// Checks the types of everything. With the native compiler, TypeScript 7, which takes a fifth of the time; the bundler's
// plugin and the rules of the house still need what TypeScript 6 offers to programs.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const compiler = createRequire(import.meta.url)
	.resolve("native-typescript/package.json")
	.replace("package.json", "bin/tsc");
for (const project of ["tsconfig.json", "firmware/board/tsconfig.json", "scripts/tsconfig.json"]) {
	const { status } = spawnSync(process.execPath, [compiler, "-p", project], { stdio: "inherit" });
	if (status !== 0) process.exitCode = 1;
}
