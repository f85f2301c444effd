import { describe, expect, it } from "vitest";
import { banRules } from "./tidy/bans.js";
import { computedNameRules } from "./tidy/computed-names.js";
import { fileRules } from "./tidy/files.js";
import { guardRules } from "./tidy/guards.js";
import { importRules } from "./tidy/imports.js";
import { lockRules } from "./tidy/lock.js";
import { repositoryRules } from "./tidy/repository.js";
import type { Rule } from "./tidy/rule.js";
import { sizeRules } from "./tidy/size.js";
import { startupRules } from "./tidy/startup.js";
import { testRules } from "./tidy/tests.js";
import { readTree, treeOf } from "./tidy/tree.js";

const RULES: readonly Rule[] = [
	...importRules,
	...banRules,
	...computedNameRules,
	...guardRules,
	...testRules,
	...sizeRules,
	...fileRules,
	...repositoryRules,
	...lockRules,
	...startupRules,
];

const tree = readTree();

for (const { name, check, planted, innocent = [] } of RULES) {
	const { looked, findings } = check(tree, true);
	describe(name, () => {
		it(`holds in ${looked} places`, () => {
			expect(findings.join("\n")).toBe("");
			expect(looked).toBeGreaterThan(0);
		});

		it(`would be noticed in ${planted.length} planted cases`, () => {
			expect(planted.length).toBeGreaterThan(0);
			for (const [files, says] of planted) expect(check(treeOf(files), false).findings.join("\n")).toContain(says);
		});

		it.runIf(innocent.length > 0)(`leaves ${innocent.length} look-alikes alone`, () => {
			for (const files of innocent) expect(check(treeOf(files), false).findings).toEqual([]);
		});
	});
}
