import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { holdBoards, holdCertificates } from "../../scripts/start/hold.js";
import { Scratch } from "./rig.js";

const scratch = new Scratch();
afterAll(() => scratch.remove());

const MODULE = pathToFileURL(resolve("scripts/start/hold.ts")).href;

/** Another program that holds a board until its input ends. */
async function holder(folder: string, id: string) {
	const text = `import(${JSON.stringify(MODULE)}).then(({ holdBoards }) => {
		holdBoards(${JSON.stringify(folder)}, [${JSON.stringify(id)}]);
		console.log("holds");
		process.stdin.resume();
	});`;
	const child = spawn(process.execPath, ["--import", "tsx", "-e", text], { stdio: ["pipe", "pipe", "inherit"] });
	await once(child.stdout, "data");
	return child;
}

test("a board that another program runs is refused, and free when that one has gone, however it went", async () => {
	const folder = scratch.path("store");
	const other = await holder(folder, "greenhouse");
	const refused = new RegExp(`^greenhouse: process ${other.pid} runs it already, .*--id; or delete .*lock if that`);
	expect(() => holdBoards(folder, ["cellar", "greenhouse"])).toThrow(refused);
	holdBoards(folder, ["green", "cellar"])(); // names of their own, which were given back above
	other.kill("SIGKILL");
	await once(other, "close");
	expect(readdirSync(folder)).toEqual([`greenhouse.${other.pid}.lock`]); // what a killed program leaves
	const release = holdBoards(folder, ["greenhouse"]);
	expect(readdirSync(folder)).toEqual([`greenhouse.${process.pid}.lock`]);
	release();
	expect(readdirSync(folder)).toEqual([]);
}, 30_000);

test("what lies there besides is left alone", () => {
	const folder = scratch.path("others");
	mkdirSync(folder);
	for (const name of ["a.json", "a.flash", "a.1.json", "ab.1.lock"]) writeFileSync(resolve(folder, name), "");
	holdBoards(folder, ["a"])();
	expect(readdirSync(folder)).toHaveLength(4);
});

test("certificates are made by one program at a time, and whoever comes second waits", async () => {
	const folder = scratch.path("home");
	(await holdCertificates(folder))();
	// Process 1 is there on every system that has signals, whoever it belongs to.
	if (process.platform === "win32") return;
	const other = resolve(folder, "certificates.1.lock");
	writeFileSync(other, "");
	await expect(holdCertificates(folder, 0)).rejects.toThrow(
		/^certificates: process 1 is making them at this moment; try again;/,
	);
	expect(readdirSync(folder)).toEqual(["certificates.1.lock"]);
	const second = holdCertificates(folder);
	rmSync(other);
	(await second)();
	expect(readdirSync(folder)).toEqual([]);
});

test("programs that come at the same moment get them one after the other", async () => {
	const folder = scratch.path("crowd");
	const text = `import(${JSON.stringify(MODULE)}).then(async ({ holdCertificates }) => {
		(await holdCertificates(${JSON.stringify(folder)}))();
		console.log("held");
	});`;
	const crowd = Array.from({ length: 3 }, () => spawn(process.execPath, ["--import", "tsx", "-e", text]));
	const codes = await Promise.all(crowd.map(async (one) => (await once(one, "close"))[0] as number));
	expect(codes).toEqual([0, 0, 0]);
}, 30_000);
