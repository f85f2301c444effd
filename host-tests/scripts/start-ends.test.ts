import type { ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { expectPlain, farpin } from "./command.js";
import { Scratch } from "./rig.js";

const DEVICE = resolve("host-tests", "scripts", "bench-device.ts");
const START = ["start", "--device", DEVICE, "--port", "0", "--no-page"];
const ONLINE = "test-bench  online";

const scratch = new Scratch();
afterAll(() => scratch.remove());
const home = scratch.path("home");

/** Of no board is anything left that says somebody runs it. */
const heldBoards = () => readdirSync(scratch.path("home/store")).filter((name) => name.endsWith(".lock"));

describe.skipIf(process.platform === "win32")(
	"what ends a start (not on Windows: no program can send signals there)",
	() => {
		// SIGINT and SIGTERM end the starts of the tests below.
		test("SIGHUP ends it cleanly", async () => {
			const ended = await farpin(START, { home, until: ONLINE, act: (child) => child.kill("SIGHUP") });
			expect([ended.code, ended.errors]).toEqual([0, ""]);
			expect(ended.output).toContain("test-bench  switched off");
			expect(heldBoards()).toEqual([]);
		}, 30_000);

		test("a Ctrl-C that comes twice, from the terminal and from npm, does not cut off the clean end", async () => {
			const twice = (child: ChildProcess) => {
				child.kill("SIGINT");
				setImmediate(() => child.kill("SIGINT"));
			};
			const { code, output, errors } = await farpin(START, { home, until: ONLINE, act: twice });
			expect([code, errors]).toEqual([0, ""]);
			expect(output).toContain("test-bench  switched off");
			expect(heldBoards()).toEqual([]);
		}, 30_000);

		test("it ends cleanly when nobody reads any more what it prints", async () => {
			const words = ["start", "--device", DEVICE, "--port", "0", "--no-page", "--devices", "2"];
			const { code, errors } = await farpin(words, {
				home,
				until: "Broker: ",
				act: ({ stdout }) => stdout?.destroy(),
			});
			expect([code, errors]).toEqual([0, ""]);
			expect(heldBoards()).toEqual([]);
		}, 30_000);
	},
);

test("a second start of the same board is refused, and leaves the first alone", async () => {
	let second: ReturnType<typeof farpin> | undefined;
	const act = (child: ChildProcess) => {
		second = farpin(START, { home });
		void second.then(() => child.kill("SIGTERM"));
	};
	const first = await farpin(START, { home, until: ONLINE, act });
	expectPlain(
		(await second) ?? first,
		/^farpin: test-bench: process \d+ runs it already, and two at once would spoil [^\n]*--id; or delete [^\n]*\n$/,
	);
	expect(first.errors).toBe("");
	if (process.platform !== "win32") expect([first.code, heldBoards()]).toEqual([0, []]);
}, 30_000);

test("a folder that cannot be used is told in a sentence, and the command ends", async () => {
	const file = scratch.path("file");
	writeFileSync(file, "");
	const sentence = /^farpin: \S*file\S*: a file is where a folder should be; .*another folder in FARPIN_HOME\n$/;
	expectPlain(await farpin(START, { home: file }), sentence);
	const store = scratch.path("strange/store/test-bench.json");
	mkdirSync(store, { recursive: true });
	expectPlain(await farpin(START, { home: scratch.path("strange") }), /^farpin: .*it is a folder and not a file/);
}, 30_000);

test("a broker's key that is damaged is made anew, under the same root", async () => {
	const root = () => readFileSync(scratch.path("home/ca.pem"), "utf8");
	const before = root();
	for (const spoil of [(path: string) => writeFileSync(path, "garbage"), rmSync]) {
		spoil(scratch.path("home/server.key"));
		const { code, output } = await farpin([...START, "--for", "1"], { home });
		expect(output).toContain("Everything works.");
		expect([code, root()]).toEqual([0, before]);
	}
	writeFileSync(scratch.path("home/ca.pem"), "garbage");
	expectPlain(
		await farpin(START, { home }),
		/^farpin: \S+: ca\.pem, issuer\.pem or issuer\.key in it is damaged; delete these three [^\n]*\n$/,
	);
}, 60_000);
