import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { inPrivateFolder } from "../../../scripts/provision/private-folder.js";

afterEach(() => void vi.restoreAllMocks());

test("a folder for secrets is its owner's only, and gone afterwards, also after a failure", async () => {
	let folder = "";
	const use = async (path: string) => {
		folder = path;
		if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o700);
		writeFileSync(join(path, "secret"), "secret");
		return 7;
	};
	expect(await inPrivateFolder(use)).toBe(7);
	expect(existsSync(folder)).toBe(false);
	const failing = inPrivateFolder(async (path) => {
		await use(path);
		throw new Error("no board");
	});
	await expect(failing).rejects.toThrow("no board");
	expect(existsSync(folder)).toBe(false);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("and when the program is ended by %s", async (signal) => {
	const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
	const before = process.listenerCount(signal);
	await inPrivateFolder(async (folder) => {
		writeFileSync(join(folder, "secret"), "secret");
		process.emit(signal);
		expect(existsSync(folder)).toBe(false);
		expect(exit).toHaveBeenCalledWith(1);
	});
	expect(process.listenerCount(signal)).toBe(before);
});
