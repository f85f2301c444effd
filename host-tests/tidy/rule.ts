import type ts from "typescript";
import { lineOf, type Source, type Tree, walk } from "./tree.js";

/** What a rule found, and how much it looked at: a rule that looks at nothing proves nothing. */
export interface Outcome {
	readonly looked: number;
	readonly findings: readonly string[];
}

export type Files = Readonly<Record<string, string>>;

/** One rule of the house. */
export interface Rule {
	readonly name: string;
	/** `isWhole` for the repository itself: only there do the lists of exceptions count. */
	readonly check: (tree: Tree, isWhole: boolean) => Outcome;
	/** Trees that break it, each in one way, and part of what is then said. */
	readonly planted: readonly (readonly [files: Files, says: string])[];
	/** Trees that come close and do not. */
	readonly innocent?: readonly Files[];
}

/** A check of one file after the other. */
export function eachSource(
	isMeant: (path: string) => boolean,
	check: (source: Source, tree: Tree) => readonly string[],
): Rule["check"] {
	return (tree) => {
		const sources = tree.sources.filter(({ path }) => isMeant(path));
		return { looked: sources.length, findings: sources.flatMap((source) => check(source, tree)) };
	};
}

/** A check of one node after the other: `check` says what is wrong with it, if anything is. */
export function eachNode(
	isMeant: (path: string) => boolean,
	check: (node: ts.Node, source: Source, tree: Tree) => string | undefined,
): Rule["check"] {
	return eachSource(isMeant, (source, tree) => {
		const findings: string[] = [];
		walk(source.ast, (node) => {
			const wrong = check(node, source, tree);
			if (wrong !== undefined) findings.push(at(source, node, wrong));
		});
		return findings;
	});
}

/** A finding, where it is and what it is. */
export function at(source: Source, node: ts.Node, what: string): string {
	return `${source.path}:${lineOf(source, node)}: ${what}`;
}
