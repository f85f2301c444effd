import {
	type CloudExtras,
	type CloudMessage,
	type CloudOutlet,
	type CloudOwner,
	OTHER_TOKEN,
	STATE_TOKEN,
} from "../model/cloud.js";
import type { Part } from "../model/device.js";
import type { JsonValue } from "../model/document.js";
import { AwsJobs } from "./aws-jobs.js";
import { Twin } from "./twin.js";

/** After an update that was refused because there were too many. */
const AGAIN_MS = 60_000;

/**
 * The classic (unnamed) shadow of an AWS IoT thing.
 * https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-mqtt.html and device-shadow-document.html
 *
 * The shadow is never asked for as a whole, which has no bound: to every update that leaves a difference between desired and
 * reported, AWS answers with a `delta` of all that differs, also of what was wished while the device was away; and with each
 * connection everything is reported.
 */
export class AwsShadow extends Twin {
	/** What the reserved topics of the thing begin with. */
	private readonly things: string;
	/** Of a device that can be renewed. */
	private readonly jobs: AwsJobs | undefined;
	/** Of the last delta: they may arrive out of order. */
	private version = 0;
	/** What the shadow has, as far as we know, as desired and as reported of each setting: by number of its state. */
	private readonly agreed = new Map<number, string>();
	/** Settings that were set otherwise than by the shadow: what it wishes is to follow, or it would set them back. */
	private readonly overrides = new Map<string, string>();

	constructor(owner: CloudOwner, session: CloudOutlet, thing: string, everyMs: number) {
		super(owner, session, everyMs);
		this.things = `$aws/things/${thing}/`;
		this.jobs = owner.device.updates === undefined ? undefined : new AwsJobs(owner, this.things);
	}

	/** With `own`, not more than the 8 that one SUBSCRIBE may have. */
	filters(own: readonly string[]): readonly string[] {
		const shadow = `${this.things}shadow/update/`;
		return [...own, `${shadow}delta`, `${shadow}rejected`, ...(this.jobs?.filters ?? [])];
	}

	override begin(): void {
		this.version = 0; // a shadow that was deleted may begin again
		this.agreed.clear();
		this.overrides.clear();
		this.jobs?.begin();
		super.begin();
	}

	publish(
		topic: string,
		payload: string | Uint8Array,
		qos: 0 | 1,
		retain: boolean,
		token: number,
		extras?: CloudExtras,
	): boolean {
		if (!this.session.publish(topic, payload, qos, retain, token, extras)) return false;
		const part = this.partOfToken(token);
		if (part !== undefined) this.stateSent(part, token, String(payload));
		else if (this.jobs !== undefined && topic === `${this.owner.prefix}update`) {
			this.jobs.onReport(payload);
			this.wake();
		}
		return true;
	}

	onMessage({ topic, payload }: CloudMessage): void {
		const members = topic.startsWith(this.things) ? this.read(payload) : undefined;
		if (members === undefined) return;
		if (topic === `${this.things}shadow/update/delta`) this.onDelta(members);
		else if (topic === `${this.things}shadow/update/rejected`) this.onRejected(members);
		else this.jobs?.onMessage(topic, members);
		this.wake();
	}

	protected report(members: string): boolean {
		const wishes: string[] = [];
		for (const [id, value] of this.overrides) wishes.push(`"${id}":${value}`);
		const desired = wishes.length === 0 ? "" : `,"desired":{${wishes.join(",")}}`;
		if (!this.update(`{"reported":${members}${desired}}`)) return false;
		this.overrides.clear();
		return true;
	}

	protected reported(_index: number): void {} // AWS acknowledges our own topic

	protected sendMore(_nowMs: number): boolean {
		return this.jobs?.send(this.session) ?? true;
	}

	private stateSent({ id, stateIndex, definition }: Part, token: number, value: string): void {
		this.stateChanged(token - STATE_TOKEN);
		if (definition.kind !== "number") return;
		const known = this.agreed.get(stateIndex);
		this.agreed.set(stateIndex, value);
		if (known !== undefined && known !== value) this.overrides.set(id, value);
	}

	private onDelta(members: Map<string, JsonValue>): void {
		const version = members.get("version");
		const wishes = members.get("state");
		if (typeof version !== "number" || version < this.version || !(wishes instanceof Map)) return;
		this.version = version;
		const refused: string[] = [];
		for (const [id, wish] of wishes) {
			const part = this.partOf(id);
			if (part === undefined) continue; // somebody else's
			if (this.follow(part, wish)) this.agreed.set(part.stateIndex, this.owner.state(part.stateIndex));
			else refused.push(`"${id}":null`);
		}
		// What cannot be is no longer wished: else it came again with every report.
		if (refused.length > 0) this.update(`{"desired":{${refused.join(",")}}}`);
	}

	/** Too many requests, or a trouble of AWS: it goes again. What is wrong with the document would be wrong again. */
	private onRejected(members: Map<string, JsonValue>): void {
		const [code, message] = [members.get("code"), members.get("message")];
		this.owner.log(`the shadow was not updated: ${String(message)} (${String(code)})`, "warning");
		if (code === 429 || (typeof code === "number" && code >= 500)) this.reportAgain(AGAIN_MS);
	}

	private update(state: string): boolean {
		return this.session.publish(`${this.things}shadow/update`, `{"state":${state}}`, 1, false, OTHER_TOKEN);
	}
}
