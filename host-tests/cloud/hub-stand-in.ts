import { createHmac } from "node:crypto";
import type { Packet } from "../../firmware/mqtt/packet.js";
import type { BrokerMessage, BrokerOptions, VirtualBroker } from "../virtual/broker.js";

type Properties = Record<string, unknown>;

const ID = "greenhouse";
const HOST = "broker.test";
const SUBSCRIBED = [
	"$iothub/twin/res/#",
	"$iothub/twin/PATCH/properties/desired/#",
	"$iothub/methods/POST/#",
	`devices/${ID}/messages/devicebound/#`,
];

/** A message to the hub: its properties are in its topic. */
export interface HubMessage {
	readonly properties: Readonly<Record<string, string>>;
	readonly text: string;
	readonly atMs: number;
}

/**
 * A stand-in for Azure IoT Hub with one device, written from its public documents (see the profile); the service itself was
 * not asked. It checks tokens and ends them in time, takes no topics but its own, and notes whatever breaks its rules.
 */
export class HubStandIn {
	readonly broken: string[] = [];
	readonly messages: HubMessage[] = [];
	readonly twin: { desired: Properties; reported: Properties } = { desired: { $version: 1 }, reported: {} };
	/** Answers of the device to methods: the status, the request, and the body. */
	readonly answers: string[] = [];
	readonly key = Buffer.from("the key of the device, 32 bytes.").toString("base64");
	/** Ends of the tokens that were shown, seconds since 1970. */
	readonly tokens: number[] = [];
	/** Refuses what is asked of the twin with this status. */
	refuse: number | undefined = undefined;
	private broker: VirtualBroker | undefined = undefined;
	private requests = 0;
	private version = 1;

	/** For the broker that this is to be. */
	get options(): BrokerOptions {
		return { versions: [4], admit: (packet) => this.admit(packet) };
	}

	attach(broker: VirtualBroker): void {
		this.broker = broker;
		for (const filter of ["#", "$iothub/#"]) broker.observe(filter, (message) => this.onMessage(message));
	}

	/** Messages that belong to a topic of ours. */
	of(topic: string): string[] {
		return this.messages.filter(({ properties }) => properties.topic === topic).map(({ text }) => text);
	}

	/** The owner's program wishes something. */
	desire(wishes: Properties): void {
		this.version++;
		Object.assign(this.twin.desired, wishes, { $version: this.version });
		const topic = `$iothub/twin/PATCH/properties/desired/?$version=${this.version}`;
		this.broker?.publish(topic, JSON.stringify({ ...wishes, $version: this.version }), { qos: 1 });
	}

	/** Calls a direct method. */
	call(name: string, payload: unknown): void {
		const body = payload === undefined ? "" : JSON.stringify(payload);
		this.broker?.publish(`$iothub/methods/POST/${name}/?$rid=${++this.requests}`, body);
	}

	/** Sends a message to the device. */
	send(payload: string, properties = ""): void {
		const system = "$.mid=7&$.to=%2Fdevices%2Fgreenhouse%2Fmessages%2Fdevicebound&iothub-ack=full";
		const bag = properties === "" ? system : `${system}&${properties}`;
		this.broker?.publish(`devices/${ID}/messages/devicebound/${bag}`, payload, { qos: 1 });
	}

	/** Notes what the log of the broker has to tell beside messages. */
	inspect(): string[] {
		for (const { packet, direction } of this.broker?.log ?? []) {
			const { cmd, subscriptions = [], retain, protocolVersion } = packet as Packet;
			if (direction !== "in") continue;
			if (cmd === "publish" && retain) this.broken.push("retains");
			if (cmd === "connect" && protocolVersion !== 4) this.broken.push(`speaks version ${protocolVersion}`);
			for (const { topic } of subscriptions)
				if (!SUBSCRIBED.includes(topic)) this.broken.push(`subscribes to ${topic}`);
		}
		return this.broken;
	}

	/** https://learn.microsoft.com/azure/iot-hub/iot-hub-dev-guide-sas */
	private admit({ clientId, username, password, will }: Packet): number {
		const token = new URLSearchParams(password ? Buffer.from(password).toString().split(" ")[1] : "");
		const resource = `${HOST}/devices/${ID}`;
		const [endS, signature] = [Number(token.get("se")), token.get("sig")];
		const signed = createHmac("sha256", Buffer.from(this.key, "base64"));
		signed.update(`${encodeURIComponent(resource)}\n${endS}`);
		const nowS = this.trueMs / 1_000;
		if (clientId !== ID || username !== `${HOST}/${ID}/?api-version=2021-04-12`) return 0x87;
		if (token.get("sr") !== resource || signature !== signed.digest("base64") || endS <= nowS) return 0x86;
		if (will && (will.retain || !will.topic.startsWith(`devices/${ID}/messages/events/`))) return 0x87;
		this.tokens.push(endS);
		const nth = this.tokens.length;
		this.broker?.time.after(endS * 1_000 - this.trueMs, () => {
			if (this.tokens.length !== nth) return;
			this.broken.push("its token ended");
			this.broker?.disconnect();
		});
		return 0;
	}

	private get trueMs(): number {
		return 1_800_000_000_000 + (this.broker?.time.nowMs ?? 0); // as the world begins
	}

	private onMessage(message: BrokerMessage): void {
		const { topic, from } = message;
		if (from === undefined) return;
		const text = this.broker?.textOf(message) as string;
		const events = `devices/${ID}/messages/events/`;
		if (topic.startsWith(events)) {
			const properties = Object.fromEntries(new URLSearchParams(topic.slice(events.length)));
			this.messages.push({ properties, text, atMs: this.broker?.time.nowMs ?? 0 });
		} else if (topic.startsWith("$iothub/methods/res/")) this.answers.push(`${topic.slice(20)} ${text}`);
		else if (topic.startsWith("$iothub/twin/")) this.onTwin(topic, text);
		else {
			this.broken.push(`publishes to ${topic}`);
			this.broker?.disconnect(); // as the hub does
		}
	}

	private onTwin(topic: string, text: string): void {
		const rid = topic.slice(topic.indexOf("$rid=") + 5);
		const answer = (status: number, body: string) =>
			this.broker?.publish(`$iothub/twin/res/${status}/?$rid=${rid}&$version=4`, body);
		if (this.refuse !== undefined) answer(this.refuse, "");
		else if (topic.startsWith("$iothub/twin/GET/?$rid=")) answer(200, JSON.stringify(this.twin));
		else if (topic.startsWith("$iothub/twin/PATCH/properties/reported/?$rid=")) {
			for (const [key, value] of Object.entries(JSON.parse(text) as Properties)) {
				if (value === null) delete this.twin.reported[key];
				else this.twin.reported[key] = value;
			}
			answer(204, "");
		} else this.broken.push(`asks ${topic}`);
	}
}
