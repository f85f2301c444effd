import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkFile } from "../../scripts/check.js";
import { Scratch } from "./rig.js";

const scratch = new Scratch();
afterAll(() => scratch.remove());

const MODEL = resolve("firmware", "model").replaceAll("\\", "/");
mkdirSync(scratch.path("devices"));
writeFileSync(scratch.path("devices/package.json"), '{"type":"module"}');

/** The path of a device file with this text. */
function deviceFile(name: string, text: string): string {
	const path = scratch.path(`devices/${name}.ts`);
	writeFileSync(path, text);
	return path;
}

const device = (entities: string) => `import { defineDevice } from "${MODEL}/device.ts";
import { number } from "${MODEL}/number.ts";
export default defineDevice({ name: "Wrong", entities: ${entities} });`;

const faultsOf = async (path: string) => (await checkFile(path)).faults;

test("names everything that is wrong with a device file", async () => {
	const two = deviceFile("two", device("{ a: number({ min: 9, max: 5 }), b: number({ min: 0, max: 1, stepp: 1 }) }"));
	expect(await faultsOf(two)).toEqual([
		expect.stringMatching(/two\.ts, line 3, column 117: .*'stepp' does not exist.*Did you mean to write 'step'\?$/),
		expect.stringMatching(/^a: min 9 is not below max 5/),
	]);
}, 30_000);

test("judges a device on the chip that it fits, and says which these are", async () => {
	const onPin = (pin: number, more = "") =>
		deviceFile(
			`pin${pin}${more}`,
			`import { defineDevice } from "${MODEL}/device.ts";
import { relay } from "${MODEL.replace("model", "drivers")}/relay.ts";
export default defineDevice({ name: "Pins", entities: { a: relay({ pin: ${pin} })${more === "" ? "" : ", b: relay({ pin: 48 })"} } });`,
		);
	expect(await checkFile(onPin(48))).toMatchObject({ faults: [], chips: ["ESP32-S3"] }); // no ESP32 has it
	expect(await checkFile(onPin(8))).toMatchObject({ faults: [], chips: ["ESP32-C3", "ESP32-S3"] }); // flash of an ESP32
	expect(await checkFile(onPin(4))).toMatchObject({ faults: [], chips: ["ESP32", "ESP32-C3", "ESP32-S3"] });
	expect(await faultsOf(onPin(48, "twice"))).toEqual(["b: pin 48 is already used by a; move one of them"]);
	expect(await faultsOf(onPin(99))).toEqual(["a: an ESP32 has no pin 99; use another pin"]);
}, 60_000);

test("tells of what cannot even be read where it does not compile", async () => {
	expect(await faultsOf(deviceFile("broken", "export default {"))).toEqual([
		expect.stringMatching(/broken\.ts, line 1, column 17: '}' expected\.$/),
	]);
	expect(await faultsOf(deviceFile("unknown", 'import { a } from "./gone.js";\nexport default a;'))).toEqual([
		expect.stringMatching(/unknown\.ts, line 1, column 19: Cannot find module '\.\/gone\.js'/),
	]);
}, 30_000);

test.each([
	["none", "export const nothing = 1;", /none\.ts: it describes no device; write `export default defineDevice/],
	["throws", 'throw new Error("boom");', /throws\.ts: it cannot be read \(boom\)$/],
])("says in a sentence why a file is no device: %s", async (name, text, sentence) => {
	await expect(checkFile(deviceFile(name, text))).rejects.toThrow(sentence);
});

test("says where there is no file", async () => {
	await expect(checkFile(scratch.path("missing.ts"))).rejects.toThrow(/missing\.ts: there is no such file/);
	await expect(checkFile(scratch.folder)).rejects.toThrow(/it is a folder and not a file/);
});

test("on the command line each is a line, and nothing wrong is success", () => {
	const run = (...words: string[]) =>
		spawnSync(process.execPath, [resolve("scripts", "farpin.mjs"), ...words], { encoding: "utf8" });
	const good = resolve("host-tests", "scripts", "bench-device.ts");
	expect(run("check", "--device", good)).toMatchObject({
		status: 0,
		stdout: "Test bench: 7 entities, nothing wrong on ESP32\n",
	});
	const wrong = deviceFile("wrong", device("{ a: number({ min: 9, max: 5 }) }"));
	const checked = run("check", "--device", wrong);
	expect(checked).toMatchObject({ status: 1, stdout: "" });
	expect(checked.stderr).toMatch(/^a: min 9 is not below max 5[^\n]*\n$/);
	const started = run("start", "--device", deviceFile("unknown", 'import "./gone.js";\n'));
	expect(started.status).toBe(1);
	expect(started.stderr).toMatch(
		/^farpin: .*unknown\.ts: it imports gone\.js, which does not exist; `npx farpin check`/,
	);
	const unread = run("start", "--device", deviceFile("unread", "export default {{"));
	expect(unread.stderr).toMatch(/^farpin: .*unread\.ts: line 1, column 17: Expected identifier [^\n]*\n$/);
}, 60_000);
