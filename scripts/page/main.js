// @ts-check
import mqtt from "mqtt";
import { BenchLink } from "./bench.js";
import { DeviceView } from "./device.js";
import { insertSorted } from "./elements.js";
import { OwnerLink } from "./owner.js";

const ROOT = "farpin";
const DEVICES_MAX = 200;
const token = document.querySelector('meta[name="farpin-token"]')?.getAttribute("content") ?? "";
const brokerPill = /** @type {HTMLElement} */ (document.getElementById("broker"));
const deviceBox = /** @type {HTMLElement} */ (document.getElementById("devices"));
const benchBox = /** @type {HTMLElement} */ (document.getElementById("benches"));
const owner = new OwnerLink(token);
/** @type {Map<string, DeviceView>} */
const devices = new Map();

const client = mqtt.connect(`ws://${location.host}/mqtt`, {
	username: "page", // our own server puts the broker's credentials in its place
	password: token,
	protocolVersion: 4,
	keepalive: 30,
	reconnectPeriod: 2_000,
	queueQoSZero: false,
	timerVariant: "native", // the other one is a worker from a blob, which the page's policy forbids
});
client.on("connect", () => {
	client.subscribe(`${ROOT}/+/about`, { qos: 1 });
	for (const id of devices.keys()) follow(id);
	tellBroker("good", "Connected to the broker");
});
client.on("close", () => tellBroker("bad", "No connection to the broker"));
client.on("message", (topic, payload) => hear(topic, payload));

/**
 * @param {"good" | "bad"} tone
 * @param {string} text
 */
function tellBroker(tone, text) {
	brokerPill.textContent = text;
	brokerPill.dataset.tone = tone;
	for (const view of devices.values()) view.reach(tone === "good");
}

/**
 * @param {string} topic
 * @param {Uint8Array} payload
 */
function hear(topic, payload) {
	const [, id = "", ...rest] = topic.split("/");
	const below = rest.join("/");
	if (below === "about" && payload.length === 0) return forget(id);
	if (below === "about" && !devices.has(id)) meet(id);
	devices.get(id)?.hear(below, payload);
}

/** @param {string} id */
function meet(id) {
	if (!/^[a-z0-9-]{1,32}$/.test(id) || devices.size >= DEVICES_MAX) return;
	const publish = (/** @type {string} */ topic, /** @type {string} */ payload) => {
		if (client.connected) client.publish(`${ROOT}/${id}/${topic}`, payload, { qos: 1 });
	};
	const view = new DeviceView(id, publish, {
		canSign: () => owner.canSign(),
		sign: (entity, value) => owner.sign(id, entity, value),
		unseal: (topic, message) => owner.unseal(`${ROOT}/${id}/${topic}`, message),
	});
	devices.set(id, view);
	insertSorted(deviceBox, view.node, id);
	view.reach(true);
	follow(id);
}

/** @param {string} id */
function follow(id) {
	client.subscribe([`${ROOT}/${id}/+`, `${ROOT}/${id}/+/state`], { qos: 1 });
}

/** @param {string} id */
function forget(id) {
	devices.get(id)?.node.remove();
	devices.delete(id);
}

owner.open();
new BenchLink(benchBox, token).open();
