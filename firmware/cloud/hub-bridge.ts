import {
	type CloudExtras,
	type CloudMessage,
	type CloudOutlet,
	type CloudOwner,
	type CloudUplink,
	OTHER_TOKEN,
	STATE_TOKEN,
} from "../model/cloud.js";
import type { JsonValue } from "../model/document.js";
import { reasonOf } from "../model/fault.js";
import { HubAnswers } from "./hub-answers.js";
import { commandOf, hubTopic, type Method, methodOf, ridOf, targetOf } from "./hub-messages.js";
import { Twin } from "./twin.js";

export interface HubTimes {
	/** Between two updates of the twin, at least, milliseconds. */
	readonly everyMs: number;
	/** How long a token is good; undefined for a device with a certificate. */
	readonly tokenMs: number | undefined;
}

const NEVER = Number.POSITIVE_INFINITY;
const AGAIN_MS = 60_000; // after a request that was refused because there were too many
const TWIN_TRIES = 2;
const RENEW_FROM = 0.75; // of a token's life, and a random part of 0.15 more: a fleet must not come all at once
const RENEW_SPREAD = 0.15;
const VERSION = "twin"; // in the store: the version of the desired properties that were followed last
const TWIN = "$iothub/twin/";
const RESPONSE = `${TWIN}res/`;
const DESIRED = `${TWIN}PATCH/properties/desired/`;

/**
 * Between a device and Azure IoT Hub (https://learn.microsoft.com/azure/iot/iot-mqtt-connect-to-iot-hub). Our topics become
 * messages to the hub, which have the name of the topic as property `topic`; states go to the twin as reported properties,
 * and settings follow its desired ones. Commands come as direct methods, and as messages to the device.
 */
export class HubBridge extends Twin {
	private readonly uplink: CloudUplink;
	private readonly tokenMs: number | undefined;
	private readonly answers = new HubAnswers();
	/** Names of topics below our own, and what they are at the hub: ours are few. */
	private readonly topics = new Map<string, string>();
	/** `ask`: the twin is to be asked for. `asked`: no answer yet. `known`: from here on its changes come by themselves. */
	private twin: "ask" | "asked" | "known" = "ask";
	/** Connections that ended before the twin came: one larger than what the device takes must not end every one. */
	private lost = 0;
	private askMs = 0;
	/** The latest version of the desired properties on this connection. */
	private latest = 0;
	private requests = 0;
	/** The request for the twin that counts. */
	private asking = "";
	private renewMs = NEVER;

	constructor(owner: CloudOwner, session: CloudOutlet, uplink: CloudUplink, { everyMs, tokenMs }: HubTimes) {
		super(owner, session, everyMs);
		this.uplink = uplink;
		this.tokenMs = tokenMs;
	}

	/** A hub takes these and no others, and five at most. */
	filters(_own: readonly string[]): readonly string[] {
		return [`${RESPONSE}#`, `${DESIRED}#`, "$iothub/methods/POST/#", `devices/${this.owner.id}/messages/devicebound/#`];
	}

	override begin(): void {
		super.begin();
		this.twin = this.lost < TWIN_TRIES ? "ask" : "known";
		this.askMs = 0;
		this.latest = 0;
		if (this.tokenMs === undefined) return;
		const chance = new Uint8Array(1);
		this.owner.board.random(chance);
		const share = RENEW_FROM + (RENEW_SPREAD * (chance[0] as number)) / 256;
		this.renewMs = this.nowMs + this.tokenMs * share;
		this.laterMs = this.renewMs;
	}

	override end(): void {
		super.end();
		this.renewMs = NEVER;
		this.answers.forget(); // who asked is told by the hub that the device is gone
		if (this.twin !== "asked") return;
		this.twin = "ask";
		this.lost++;
		if (this.lost === TWIN_TRIES)
			this.owner.log("the twin ended the connection, perhaps it is too large: its desired properties are not followed");
	}

	publish(
		topic: string,
		payload: string | Uint8Array,
		qos: 0 | 1,
		_retain: boolean,
		token: number,
		extras?: CloudExtras,
	): boolean {
		if (token < STATE_TOKEN) return this.session.publish(this.topicAtHub(topic, extras), payload, qos, false, token);
		this.stateChanged(token - STATE_TOKEN);
		return true;
	}

	onMessage({ topic, payload }: CloudMessage): void {
		if (topic.startsWith(RESPONSE)) this.onResponse(topic, payload);
		else if (topic.startsWith(DESIRED)) this.onChange(payload);
		else if (topic.startsWith("$iothub/methods/POST/")) this.onMethod(methodOf(topic), payload);
		else this.onCommand(topic, payload);
	}

	protected report(members: string): boolean {
		return this.request("PATCH/properties/reported/", "r", members);
	}

	protected reported(index: number): void {
		this.uplink.onAcknowledged(STATE_TOKEN + index, undefined);
	}

	protected sendMore(nowMs: number): boolean {
		if (nowMs >= this.renewMs) {
			this.uplink.link.renew();
			return false;
		}
		this.laterMs = this.renewMs;
		if (!this.answers.send(this.session)) return false;
		if (this.twin === "ask" && nowMs >= this.askMs) {
			if (!this.request("GET/", "g", "")) return false;
			this.twin = "asked";
		}
		if (this.twin === "ask") this.laterMs = Math.min(this.renewMs, this.askMs);
		return true;
	}

	private request(what: string, kind: "r" | "g", payload: string): boolean {
		const rid = `${kind}${++this.requests}`;
		if (kind === "g") this.asking = rid;
		return this.session.publish(`${TWIN}${what}?$rid=${rid}`, payload, 0, false, OTHER_TOKEN);
	}

	private topicAtHub(topic: string, extras: CloudExtras | undefined): string {
		const { id, prefix } = this.owner;
		if (!topic.startsWith(prefix)) return hubTopic(id, topic, extras?.contentType);
		const made = this.topics.get(topic) ?? hubTopic(id, topic.slice(prefix.length), extras?.contentType);
		this.topics.set(topic, made);
		return made;
	}

	/** Of a request of ours. What came too often, or met a trouble of the hub, goes again. */
	private onResponse(topic: string, payload: Uint8Array): void {
		const [status, rid] = [Number.parseInt(topic.slice(RESPONSE.length), 10), ridOf(topic)];
		const again = status === 429 || status >= 500;
		if (rid?.startsWith("g") === true) {
			if (this.twin !== "asked" || rid !== this.asking) return;
			this.lost = 0;
			this.twin = again ? "ask" : "known";
			this.askMs = this.nowMs + AGAIN_MS;
			const desired = status === 200 ? this.read(payload)?.get("desired") : undefined;
			if (desired instanceof Map) this.onDesired(desired);
			this.wake();
		} else if (again) this.reportAgain(AGAIN_MS);
		if (!(status < 300)) this.owner.log(`the hub answered ${status} to what the device asked of its twin`, "warning");
	}

	/** A change holds what it changes only: before the whole has come, that is asked for anew, the change included. */
	private onChange(payload: Uint8Array): void {
		if (this.twin === "known") this.onDesired(this.read(payload));
		else this.twin = "ask";
		this.wake();
	}

	/** Each version is followed once: what was set otherwise since then must not be set back by a new connection. */
	private onDesired(wishes: Map<string, JsonValue> | undefined): void {
		const version = wishes?.get("$version");
		if (wishes === undefined || typeof version !== "number" || version < this.latest) return;
		this.latest = version;
		const { store } = this.owner.board;
		try {
			if (store.get(VERSION) === String(version)) return;
			this.followAll(wishes);
			store.set(VERSION, String(version));
		} catch (error) {
			this.owner.log(`the twin's version is not kept: ${reasonOf(error)}`, "error");
		}
	}

	private onMethod(method: Method | undefined, payload: Uint8Array): void {
		if (method === undefined) return;
		const { text } = this.owner.board;
		const command = commandOf(method.name, payload, text);
		if (command === undefined) this.answers.refuse(method);
		else this.answers.add(method, this.command(command.topic, command.payload));
		this.answers.send(this.session); // the caller waits
	}

	/** A message to the device, which says in its property `topic` what it is. */
	private onCommand(topic: string, payload: Uint8Array): void {
		const target = targetOf(topic, `devices/${this.owner.id}/messages/devicebound/`);
		if (target !== undefined) this.command(target, payload);
	}
}
