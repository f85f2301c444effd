import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { notePort, ownTarget } from "../../scripts/own-broker.js";
import { Scratch } from "./rig.js";

const scratch = new Scratch();
const home = scratch.path("home");
vi.stubEnv("FARPIN_HOME", home);
afterEach(() => writeFileSync(`${home}/broker.at`, ""));
afterAll(() => {
	vi.unstubAllEnvs();
	scratch.remove();
});

mkdirSync(home);
const PARENT = process.ppid; // runs as long as this test does

test("there is none where none was ever started", () => {
	expect(ownTarget()).toBeUndefined();
	writeFileSync(`${home}/ca.pem`, "");
	writeFileSync(`${home}/owner.password`, "a long password of the test\n");
	expect(ownTarget()).toMatchObject({ port: 8883, username: "owner", password: "a long password of the test" });
});

test("it is found where it listens, and at the usual port once it has ended", () => {
	const forget = notePort(home, 9000);
	expect(ownTarget()?.port).toBe(9000);
	forget();
	expect(ownTarget()?.port).toBe(8883);
	writeFileSync(`${home}/broker.at`, "999999999 9000\n"); // left behind by one that was killed
	expect(ownTarget()?.port).toBe(8883);
});

test("of two, the first is meant", () => {
	writeFileSync(`${home}/broker.at`, `${PARENT} 9001\n`);
	const forget = notePort(home, 9000);
	expect(ownTarget()?.port).toBe(9001);
	forget();
	expect(ownTarget()?.port).toBe(9001);
});
