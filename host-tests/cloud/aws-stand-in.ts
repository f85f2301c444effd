import type { Packet } from "../../firmware/mqtt/packet.js";
import type { BrokerMessage, BrokerOptions, VirtualBroker } from "../virtual/broker.js";

type State = Record<string, unknown>;

interface Update {
	readonly state: { readonly desired?: State | null; readonly reported?: State | null };
}

const SECOND_MS = 1_000;

/** What AWS IoT Core tells MQTT 5 clients: https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html */
export const AWS_BROKER: BrokerOptions = {
	properties: { maximumQoS: 1, topicAliasMaximum: 8, receiveMaximum: 100, maximumPacketSize: 149_504 },
};

/**
 * A stand-in for AWS IoT Core with the classic shadow of one thing, written from its public documents (see the profile); the
 * service itself was not asked. It holds the device to the limits that are written there, and notes what breaks them.
 */
export class AwsStandIn {
	readonly broken: string[] = [];
	/** Every accepted update, as it came. */
	readonly updates: Update["state"][] = [];
	readonly shadow: { desired: State; reported: State; version: number } = { desired: {}, reported: {}, version: 0 };
	/** Refuses every update with this code. */
	refuse: number | undefined = undefined;
	protected readonly broker: VirtualBroker;
	protected readonly thing: string;
	private readonly publishedMs: number[] = [];

	constructor(broker: VirtualBroker, thing: string) {
		this.broker = broker;
		this.thing = thing;
		for (const filter of ["#", "$aws/#"]) broker.observe(filter, (message) => this.onMessage(message));
	}

	/** The owner's program wishes something. */
	desire(desired: State): void {
		this.update({ state: { desired } });
	}

	/** Notes what the log of the broker has to tell beside messages. */
	inspect(): string[] {
		const filters: string[] = [];
		for (const { packet, direction } of this.broker.log) {
			const { cmd, subscriptions = [] } = packet as Packet;
			if (direction !== "in" || cmd !== "subscribe") continue;
			if (subscriptions.length > 8) this.broken.push(`${subscriptions.length} filters in one SUBSCRIBE`);
			filters.push(...subscriptions.map(({ topic }) => topic));
		}
		for (const filter of filters) this.checkTopic(filter);
		return this.broken;
	}

	private onMessage(message: BrokerMessage): void {
		const { topic, payload, from } = message;
		if (from === undefined) return;
		this.checkTopic(topic);
		this.checkRate();
		if (from !== this.thing) this.broken.push(`the client identifier ${from} is not the thing's name`);
		if (payload.length > 128 * 1_024) this.broken.push(`${topic} has ${payload.length} bytes`);
		if (topic === `$aws/things/${this.thing}/shadow/update`)
			this.update(JSON.parse(this.broker.textOf(message) as string) as Update);
		else if (topic.startsWith("$aws/") && !this.onReserved(topic, message)) this.broken.push(`${topic} is none of AWS`);
	}

	/** A reserved topic other than that of the shadow. False when it is none. */
	protected onReserved(_topic: string, _message: BrokerMessage): boolean {
		return false;
	}

	private checkTopic(topic: string): void {
		if (Buffer.byteLength(topic) > 256) this.broken.push(`${topic} is longer than 256 bytes`);
		if (!topic.startsWith("$aws/") && topic.split("/").length > 8) this.broken.push(`${topic} has too many slashes`);
	}

	private checkRate(): void {
		const { nowMs } = this.broker.time;
		this.publishedMs.push(nowMs);
		while ((this.publishedMs[0] as number) <= nowMs - SECOND_MS) this.publishedMs.shift();
		if (this.publishedMs.length > 100) this.broken.push("more than 100 messages a second");
	}

	/** https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html */
	private update({ state }: Update): void {
		if (this.refuse !== undefined) {
			this.answer("rejected", { code: this.refuse, message: "stand-in" });
			return;
		}
		this.updates.push(state);
		for (const half of ["desired", "reported"] as const) {
			if (state[half] === null) this.shadow[half] = {};
			else merge(this.shadow[half], state[half] ?? {});
		}
		this.shadow.version++;
		const { desired, reported, version } = this.shadow;
		if (Buffer.byteLength(JSON.stringify({ desired, reported })) > 8_192) this.broken.push("the shadow exceeds 8 KB");
		this.answer("accepted", { state, version });
		const differs = Object.entries(desired).filter(
			([key, value]) => JSON.stringify(reported[key]) !== JSON.stringify(value),
		);
		if (differs.length === 0) return;
		const metadata = Object.fromEntries(differs.map(([key]) => [key, { timestamp: 1_700_000_000 }]));
		this.answer("delta", { version, timestamp: 1_700_000_000, state: Object.fromEntries(differs), metadata });
	}

	private answer(kind: string, document: object): void {
		this.broker.publish(`$aws/things/${this.thing}/shadow/update/${kind}`, JSON.stringify(document), { qos: 1 });
	}
}

/** A value of null takes a name out. */
function merge(into: State, from: State): void {
	for (const [key, value] of Object.entries(from)) {
		if (value === null) delete into[key];
		else into[key] = value;
	}
}
