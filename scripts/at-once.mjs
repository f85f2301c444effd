// Runs the commands that it is given side by side, to their ends, and fails when any of them does.
import { spawn } from "node:child_process";

const runs = process.argv.slice(2).map(
	(command) =>
		new Promise((ended) => {
			const child = spawn(command, { shell: true, stdio: "inherit" });
			child.once("error", ({ message }) => ended(`"${command}" could not be started: ${message}`));
			child.once("exit", (code) => ended(code === 0 ? undefined : `"${command}" ended with ${code}`));
		}),
);
for (const failure of await Promise.all(runs)) {
	if (failure === undefined) continue;
	console.error(failure);
	process.exitCode = 1;
}
