import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project, wherever the command was typed. */
export const projectFolder = resolve(fileURLToPath(import.meta.url), "..", "..");

/** Where certificates, passwords and the virtual boards' flash are kept; out of git. */
export function homeFolder(): string {
	return resolve(process.env.FARPIN_HOME ?? resolve(projectFolder, ".farpin"));
}
