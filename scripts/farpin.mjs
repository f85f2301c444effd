#!/usr/bin/env node
// Plain JavaScript, so that Node can start it: everything behind it is TypeScript and goes through tsx.
import { register } from "tsx/esm/api";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
	console.error(`farpin: Node ${process.versions.node} is too old; install Node 20.12 or newer`);
	process.exit(1);
}
register();
const { main } = await import("./cli.ts");
await main(process.argv);
