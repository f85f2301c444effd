import { isAbsolute, relative } from "node:path";
import type { Device, Part } from "../../firmware/model/device.js";
import type { Target } from "./target.js";

/** What the lines to paste need to know. */
export interface HintsOptions {
	readonly target: Target;
	readonly device: Device;
	readonly id: string;
	/** Roots for `--cafile`; undefined where the system's own are meant, or nothing is encrypted. */
	readonly caPath: string | undefined;
	/** The file with the owner's password; undefined for somebody else's broker, whose password is never shown. */
	readonly passwordPath: string | undefined;
	readonly platform: NodeJS.Platform;
	/** Where the lines will be typed. */
	readonly folder: string;
}

/** Lines to paste for watching and switching the device with other programs. No secret is in them. */
export function hints(options: HintsOptions): string {
	const { id, target } = options;
	// Mosquitto's programs speak no WebSocket.
	const speaksBare = target.webSocketPath === undefined;
	const watched = speaksBare
		? ["Watch it:", `  mosquitto_sub ${mosquittoArguments(options)} -t ${quoted(`farpin/${id}/#`)} -v`, ""]
		: [];
	return [
		...note(options),
		...opened(options),
		...watched,
		...switched(options, speaksBare),
		`${speaksBare ? "The same" : "Watch and switch it"} in Python (pip install paho-mqtt):`,
		"",
		...python(options).map((line) => `  ${line}`.trimEnd()),
	].join("\n");
}

function opened(options: HintsOptions): string[] {
	if (options.device.envelope === undefined) return [];
	return ["Watch it, with what it signs or seals opened:", `  npx farpin watch ${options.id}${broker(options)}`, ""];
}

function switched(options: HintsOptions, speaksBare: boolean): string[] {
	const { id, device } = options;
	const sample = switchable(device);
	if (sample === undefined) return [];
	const { id: entity, value } = sample;
	if (isSigned(device, entity))
		return [
			"Switch it; its commands have to be signed:",
			`  npx farpin send ${id} ${entity}=${value}${broker(options)}`,
			"",
		];
	if (!speaksBare) return [];
	return ["Switch it:", `  mosquitto_pub ${mosquittoArguments(options)} -t farpin/${id}/${entity}/set -m ${value}`, ""];
}

function note({ passwordPath, target }: HintsOptions): string[] {
	return passwordPath === undefined && target.username !== undefined
		? ["(Put the broker's password in place of PASSWORD.)", ""]
		: [];
}

/** How farpin's own commands reach a broker that is not ours. */
function broker(options: HintsOptions): string {
	const { passwordPath, caPath, target } = options;
	if (passwordPath !== undefined) return ""; // they find ours by themselves
	const { host, port, username, webSocketPath } = target;
	const scheme =
		target.roots === undefined
			? webSocketPath === undefined
				? "mqtt"
				: "ws"
			: webSocketPath === undefined
				? "mqtts"
				: "wss";
	const user = username === undefined ? "" : `${encodeURIComponent(username)}:PASSWORD@`;
	const name = host.includes(":") ? `[${host}]` : host;
	const ca = caPath === undefined ? "" : ` --ca ${quoted(shown(caPath, options))}`;
	const plain = target.roots === undefined ? " --insecure-plain" : "";
	return ` --broker ${quoted(`${scheme}://${user}${name}:${port}${webSocketPath ?? ""}`)}${ca}${plain}`;
}

function mosquittoArguments(options: HintsOptions): string {
	const { target, passwordPath, platform, caPath } = options;
	const words: string[] = [];
	if (target.roots !== undefined)
		words.push(caPath === undefined ? "--tls-use-os-certs" : `--cafile ${quoted(shown(caPath, options))}`);
	words.push(`-h ${quoted(target.host)} -p ${target.port}`);
	if (target.username !== undefined) {
		const read = passwordPath === undefined ? undefined : quoted(shown(passwordPath, options));
		const windows = platform === "win32";
		const password = read === undefined ? "PASSWORD" : windows ? `(Get-Content ${read})` : `"$(cat ${read})"`;
		words.push(`-u ${quoted(target.username)} -P ${password}`);
	}
	return words.join(" ");
}

/** The path as one would type it in `folder`. */
function shown(path: string, { folder, platform }: HintsOptions): string {
	const short = relative(folder, path);
	if (short === "" || short.startsWith("..") || isAbsolute(short)) return path;
	return platform === "win32" ? short.replaceAll("/", "\\") : short;
}

/** In single quotes where a shell, POSIX's or PowerShell, would see more in it than text. */
function quoted(word: string): string {
	return /^[\w./:@\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "")}'`;
}

/** Something that can be switched, and a value that shows it. */
function switchable(device: Device): { readonly id: string; readonly value: string } | undefined {
	const find = (kind: Part["definition"]["kind"]): Part | undefined =>
		device.parts.find((part) => part.definition.kind === kind);
	const toggled = find("switch") ?? find("light");
	return toggled === undefined ? undefined : { id: toggled.id, value: "TOGGLE" };
}

/** Ten lines for paho-mqtt 2. */
function python(options: HintsOptions): string[] {
	const { target, id, device, caPath, passwordPath } = options;
	const text = JSON.stringify;
	const password =
		passwordPath === undefined ? text("PASSWORD") : `open(${text(shown(passwordPath, options))}).read().strip()`;
	const sample = switchable(device);
	const roots = caPath === undefined ? "" : text(shown(caPath, options));
	return [
		"import paho.mqtt.client as mqtt",
		...client(target.webSocketPath),
		...(target.roots === undefined ? [] : [`client.tls_set(${roots})`]),
		...(target.username === undefined ? [] : [`client.username_pw_set(${text(target.username)}, ${password})`]),
		"client.on_message = lambda client, data, message: print(message.topic, message.payload.decode())",
		"def on_connect(client, data, flags, reason, properties):",
		`    client.subscribe(${text(`farpin/${id}/#`)})`,
		...(sample === undefined || isSigned(device, sample.id)
			? []
			: [`    client.publish(${text(`farpin/${id}/${sample.id}/set`)}, ${text(sample.value)})`]),
		"client.on_connect = on_connect",
		`client.connect(${text(target.host)}, ${target.port})`,
		"client.loop_forever()",
	];
}

function isSigned({ signing }: Device, entityId: string): boolean {
	return signing?.wants(entityId) === true;
}

function client(webSocketPath: string | undefined): string[] {
	if (webSocketPath === undefined) return ["client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)"];
	return [
		'client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, transport="websockets")',
		`client.ws_set_options(path=${JSON.stringify(webSocketPath)})`,
	];
}
