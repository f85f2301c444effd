import { join } from "node:path";
import { OWNER } from "./broker/access.js";
import { splitPem } from "./pki/authority.js";
import { homeFolder } from "./places.js";
import { readIfThere, writePrivate } from "./private-files.js";
import type { Target } from "./start/target.js";

const PORT_FILE = "broker.port";

/** The broker that `npm start` runs on this computer, or ran last; undefined where it never did. */
export function ownTarget(): Target | undefined {
	const home = homeFolder();
	const [root, password, port] = ["ca.pem", "owner.password", PORT_FILE].map((name) => readIfThere(join(home, name)));
	if (root === undefined || password === undefined) return undefined;
	return {
		host: "localhost",
		port: Number(port ?? 8_883),
		roots: splitPem(root),
		username: OWNER,
		password: password.trim(),
	};
}

/** Notes in `home` at which port it is. */
export function notePort(home: string, port: number): void {
	writePrivate(join(home, PORT_FILE), `${port}\n`);
}
