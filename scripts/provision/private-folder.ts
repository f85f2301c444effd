import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Does something with a folder that only its owner can look into (mkdtemp makes no other), and that is gone afterwards. */
export async function inPrivateFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), "farpin-"));
	const remove = () => rmSync(folder, { recursive: true, force: true });
	const end = () => {
		remove();
		process.exit(1);
	};
	for (const signal of SIGNALS) process.on(signal, end);
	try {
		return await run(folder);
	} finally {
		remove();
		for (const signal of SIGNALS) process.off(signal, end);
	}
}
