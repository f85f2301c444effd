import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { resolve } from "node:path";
import { projectFolder } from "../places.js";

const HTML = "text/html; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";
const STYLE = "text/css; charset=utf-8";

const MODULES = [
	"main",
	"device",
	"controls",
	"history",
	"bench",
	"parts",
	"log",
	"elements",
	"documents",
	"owner",
	"sentences",
];

/** A library of several modules, which load each other by their paths. */
const MSGPACK = "node_modules/@msgpack/msgpack/dist.esm";

/** Everything that is served; a path that is not here does not exist. */
const files = new Map<string, readonly [type: string, path: string]>([
	["/", [HTML, "scripts/page/index.html"]],
	["/style.css", [STYLE, "scripts/page/style.css"]],
	["/icon.svg", ["image/svg+xml", "scripts/page/icon.svg"]],
	...MODULES.map((name) => [`/${name}.js`, [SCRIPT, `scripts/page/${name}.js`]] as const),
	...readdirSync(resolve(projectFolder, MSGPACK), { recursive: true, encoding: "utf8" })
		.map((path) => path.replaceAll("\\", "/"))
		.filter((path) => path.endsWith(".mjs"))
		.map((path) => [`/lib/msgpack/${path}`, [SCRIPT, `${MSGPACK}/${path}`]] as const),
	["/lib/mqtt.js", [SCRIPT, "node_modules/mqtt/dist/mqtt.esm.js"]],
	["/lib/uplot.js", [SCRIPT, "node_modules/uplot/dist/uPlot.esm.js"]],
	["/lib/uplot.css", [STYLE, "node_modules/uplot/dist/uPlot.min.css"]],
]);

/** Answers one request for a file of the page. */
export async function serveFile(request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
	const [path = "/"] = (request.url ?? "/").split("?");
	const file = files.get(path);
	if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "Only GET is possible here.");
	if (file === undefined) return refuse(response, 404, "There is no such page.");
	const [type, where] = file;
	let body: Buffer | string = await readFile(resolve(projectFolder, where));
	if (path === "/") body = body.toString().replace("{{token}}", token);
	response.writeHead(200, {
		"Content-Type": type,
		...securityHeaders(request.headers.host ?? "", path === "/" ? inlineHash(String(body)) : undefined),
	});
	response.end(request.method === "HEAD" ? undefined : body);
}

/** Ends a request with a plain sentence. */
export function refuse(response: ServerResponse, status: number, sentence: string): void {
	response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", ...securityHeaders("", undefined) });
	response.end(`${sentence}\n`);
}

/** The import map is the one script inside a page, because browsers load it from nowhere else: named by its hash. */
function inlineHash(html: string): string | undefined {
	const map = /<script type="importmap">([^<]*)<\/script>/.exec(html)?.[1];
	return map === undefined ? undefined : `'sha256-${createHash("sha256").update(map).digest("base64")}'`;
}

/** `host` has been checked. Nothing from anywhere else, nothing inline, no framing. */
function securityHeaders(host: string, inline: string | undefined): Record<string, string> {
	const policy = [
		"default-src 'none'",
		`script-src 'self'${inline === undefined ? "" : ` ${inline}`}`,
		"style-src 'self'",
		"img-src 'self'",
		`connect-src 'self'${host === "" ? "" : ` ws://${host}`}`, // some browsers do not count ws: as 'self'
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
	];
	return {
		"Content-Security-Policy": policy.join("; "),
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Cache-Control": "no-store",
	};
}
