import type { BrokerFacts, Cloud, CloudPlace } from "../model/cloud.js";
import type { Device } from "../model/device.js";
import { minutes } from "../model/units.js";
import { fromBase64 } from "../security/base64.js";
import { HubBridge } from "./hub-bridge.js";
import { hubTopic } from "./hub-messages.js";
import { sasToken } from "./sas-token.js";

export interface AzureIotHubOptions {
	/** What lets the device in: its key, `password` in the settings, or a certificate; the key unless set. */
	readonly login?: "key" | "certificate";
	/** How long a token made with the key is good, milliseconds; one hour unless set. Renewed before it ends. */
	readonly tokenLife?: number;
	/** Milliseconds between two updates of the twin, at least; one minute unless set. Every update counts as a message. */
	readonly twinEvery?: number;
	/** Messages that the device may use up in a day: of 400,000 for one unit of S1, or 8,000 of the free hub, its share. */
	readonly messagesPerDay?: number;
}

const NAME = "Azure IoT Hub";
const DAY_MS = 86_400_000;
const HEALTH_PER_DAY = 1_440;
const S1_PER_DAY = 400_000; // https://azure.microsoft.com/pricing/details/iot-hub/, one unit of S1
const TOKEN_MS_MIN = minutes(5); // less than the making of a connection may be late, and its clock wrong
const TOKEN_MS_MAX = 365 * DAY_MS;
const TWIN_MS_MIN = 1_000;

/**
 * Azure IoT Hub, with the key of the device or a certificate. A hub is no broker: it takes MQTT 3.1.1 with topics of its own
 * only, and what the device says goes there; see `HubBridge`.
 *
 * https://learn.microsoft.com/azure/iot/iot-mqtt-connect-to-iot-hub: port 8883 (443 for WebSocket); the client identifier is
 * the device's id, the user name `{host}/{id}/?api-version=2021-04-12`, the password a shared access signature; QoS 0 and 1;
 * nothing is retained; a keep-alive of at most 1,177 s; the will goes to the topic of telemetry.
 */
export function azureIotHub(options: AzureIotHubOptions = {}): Cloud {
	const { login = "key", tokenLife = minutes(60), twinEvery = minutes(1), messagesPerDay = S1_PER_DAY } = options;
	const hasKey = login === "key";
	return Object.freeze<Cloud>({
		name: NAME,
		version: 4,
		clientId: (id) => id,
		username: ({ host, id }) => `${host}/${id}/?api-version=2021-04-12`,
		password: (place) => (hasKey ? tokenFor(place, tokenLife) : undefined),
		will: ({ id }) => ({ topic: hubTopic(id, "status", undefined), payload: "offline", qos: 1, retain: false }),
		check: (device) => [...timeFaults(tokenLife, twinEvery), ...quotaFaults(device, twinEvery, messagesPerDay)],
		checkBroker: (facts) => brokerFaults(facts, hasKey),
		bridge: (owner, session, uplink) =>
			new HubBridge(owner, session, uplink, { everyMs: twinEvery, tokenMs: hasKey ? tokenLife : undefined }),
	});
}

function tokenFor({ host, id, password, board }: CloudPlace, lifeMs: number): string | undefined {
	const nowMs = board.clock.wallMs();
	if (password === undefined || nowMs === undefined) return undefined;
	return sasToken(`${host}/devices/${id}`, password, Math.ceil((nowMs + lifeMs) / 1_000), board);
}

function timeFaults(tokenLife: number, twinEvery: number): string[] {
	const faults: string[] = [];
	if (!(tokenLife >= TOKEN_MS_MIN && tokenLife <= TOKEN_MS_MAX))
		faults.push("`tokenLife` is not between 5 minutes and a year");
	if (!(twinEvery >= TWIN_MS_MIN)) faults.push("`twinEvery` is not at least 1 s");
	return faults;
}

/** What the device sends however little happens: telemetry, health, and a twin of values that change all the time. */
function quotaFaults({ telemetryEveryMs }: Device, twinEvery: number, messagesPerDay: number): string[] {
	const perDay = Math.ceil(DAY_MS / telemetryEveryMs) + HEALTH_PER_DAY + Math.ceil(DAY_MS / twinEvery);
	if (perDay <= messagesPerDay) return [];
	return [`it sends up to ${perDay} messages a day of ${messagesPerDay}: raise \`telemetryEvery\` or \`twinEvery\``];
}

function brokerFaults({ encrypted, webSocket, port, ...facts }: BrokerFacts, hasKey: boolean): string[] {
	const faults: string[] = [];
	const own = webSocket ? 443 : 8883;
	if (!encrypted) faults.push(`${NAME} takes only what is encrypted: write mqtts:// or wss://`);
	if (port !== own) faults.push(`port ${port} is not the one of ${NAME}, which is ${own}`);
	if (facts.username !== undefined)
		faults.push(`"user" is not for ${NAME}: it is made of the host and the device's id`);
	if (hasKey && (facts.password === undefined || !fromBase64(facts.password)?.length))
		faults.push(`"password" is not the device's key, in Base64, as ${NAME} shows it`);
	if (!hasKey && facts.password !== undefined) faults.push('"password" is not for a device that shows a certificate');
	if (!hasKey && !facts.certificate) faults.push(`${NAME} wants a certificate of the device`);
	return faults;
}
