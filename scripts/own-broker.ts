import { rmSync } from "node:fs";
import { join } from "node:path";
import { OWNER } from "./broker/access.js";
import { splitPem } from "./pki/authority.js";
import { homeFolder } from "./places.js";
import { readIfThere, writePrivate } from "./private-files.js";
import { isRunning } from "./start/hold.js";
import type { Target } from "./start/target.js";

const NOTE = "broker.at";
const USUAL_PORT = 8_883;

/** The broker that `npm start` runs on this computer; at the usual port when none is known to run, undefined where none ever did. */
export function ownTarget(): Target | undefined {
	const home = homeFolder();
	const [root, password] = ["ca.pem", "owner.password"].map((name) => readIfThere(join(home, name)));
	if (root === undefined || password === undefined) return undefined;
	const port = running(home)?.port ?? USUAL_PORT;
	return { host: "localhost", port, roots: splitPem(root), username: OWNER, password: password.trim() };
}

/** Notes in `home` at which port it is, unless that is noted of another that runs. To be called when it has ended. */
export function notePort(home: string, port: number): () => void {
	if (running(home) !== undefined) return () => undefined;
	writePrivate(join(home, NOTE), `${process.pid} ${port}\n`);
	return () => {
		if (running(home)?.pid === process.pid) rmSync(join(home, NOTE), { force: true });
	};
}

function running(home: string): { readonly pid: number; readonly port: number } | undefined {
	const [pid = 0, port = 0] = (readIfThere(join(home, NOTE)) ?? "").trim().split(" ").map(Number);
	return port > 0 && isRunning(pid) ? { pid, port } : undefined;
}
