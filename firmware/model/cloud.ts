import type { Board } from "../ports/board.js";
import type { Device } from "./device.js";

/** The token of a message whose acknowledgement changes nothing. */
export const OTHER_TOKEN = 1;
/** The token of state 0; those of the others follow it. */
export const STATE_TOKEN = 16;

/** What a cloud is told when a device introduces itself there. */
export interface CloudPlace {
	/** The device's name on the wire. */
	readonly id: string;
	/** What everything it says begins with, in topics of our own. */
	readonly prefix: string;
	readonly board: Pick<Board, "clock" | "crypto" | "text">;
	/** Of the broker, as the settings have them. */
	readonly host: string;
	readonly username: string | undefined;
	readonly password: string | undefined;
}

/** What the settings say of one broker, for a cloud to find fault with before a board is flashed. */
export interface BrokerFacts {
	/** The first level, or levels, of every topic. */
	readonly root: string;
	readonly host: string;
	readonly port: number;
	readonly username: string | undefined;
	readonly password: string | undefined;
	readonly encrypted: boolean;
	/** The device has a certificate of its own to show. */
	readonly certificate: boolean;
	readonly webSocket: boolean;
}

/** What is published when the connection is lost. */
export interface CloudWill {
	readonly topic: string;
	readonly payload: string;
	readonly qos: 0 | 1;
	readonly retain: boolean;
}

/** A message from the cloud; lent until the call returns. */
export interface CloudMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly retain: boolean;
}

/** A command that came by one of the cloud's own ways, as one of MQTT would have come. */
export interface CloudCommand extends CloudMessage {
	readonly qos: 0 | 1 | 2;
	readonly duplicate: boolean;
	readonly responseTopic: string | undefined;
	readonly correlationData: Uint8Array | undefined;
}

/** What goes with a message where the MQTT version has it. */
export interface CloudExtras {
	readonly contentType?: string | undefined;
	readonly correlationData?: Uint8Array | undefined;
}

/** Where messages go: see `publish` of the MQTT session. */
export interface CloudOutlet {
	publish(
		topic: string,
		payload: string | Uint8Array,
		qos: 0 | 1,
		retain: boolean,
		token: number,
		extras?: CloudExtras,
	): boolean;
}

/** The device, as the bridge to its cloud sees it. */
export interface CloudOwner {
	readonly board: Board;
	readonly device: Device;
	readonly id: string;
	readonly prefix: string;
	/** The bare value of state `index`, and its topic below the device's own. */
	state(index: number): string;
	stateTopic(index: number): string;
	/** Carries out a command, or refuses it; `topic` is below the device's own. Throws nothing. */
	onCommand(topic: string, message: CloudCommand): void;
	/** Publishes what became of a command, as JSON. */
	result(payload: string, command: CloudCommand): void;
	log(line: string, level?: "error" | "warning" | "info"): void;
}

/** What stands between the device and its broker, as far as a bridge may touch it. */
export interface CloudUplink {
	readonly link: {
		/** Ends a connection that works, and makes it anew: what it was let in with is about to end. Called while online only. */
		renew(): void;
	};
	/** A message of this token needs no acknowledgement of the broker. Never called from inside `publish`. */
	onAcknowledged(token: number, refused: string | undefined): void;
}

/**
 * What stands between a device and a cloud that has other topics than ours, or more than topics. Everything that the device
 * publishes goes through it. Made once, for a device whose cloud has one.
 */
export interface CloudBridge extends CloudOutlet {
	/** Monotonic time in milliseconds at which `run` is to be called; Infinity for never. */
	readonly dueMs: number;
	run(nowMs: number): void;
	/** What to subscribe to, where `own` would be subscribed to otherwise. */
	filters(own: readonly string[]): readonly string[];
	/** Everything may go out from now on. */
	begin(): void;
	/** The connection is gone. */
	end(): void;
	/** There is room again for what was refused for want of it. */
	wake(): void;
	/** A message whose topic is none of the device's own. */
	onMessage(message: CloudMessage): void;
	/** What became of a command, as JSON. */
	onResult(payload: string, command: CloudMessage): void;
}

/** Chosen in a device file: where the device is at home. What a cloud does as any broker does, is left out. */
export interface Cloud {
	/** For people. */
	readonly name: string;
	/** The only version of MQTT that it speaks. */
	readonly version?: 4 | 5;
	/** With MQTT 5 it may be asked to leave the retain flag on what it passes on: left out where nobody says that it can. */
	readonly retainAsPublished?: true;
	clientId?(id: string): string;
	username?(place: CloudPlace): string | undefined;
	/** Undefined where it cannot be made: the broker then says why it refuses. */
	password?(place: CloudPlace): string | undefined;
	will?(place: CloudPlace): CloudWill;
	/** The application protocol (ALPN) that it wants to be asked for at this port. */
	protocol?(port: number): string | undefined;
	/** What it would not take of this device, each in one plain sentence. */
	check(device: Device): readonly string[];
	/** What it would not take of these settings. */
	checkBroker(facts: BrokerFacts): readonly string[];
	bridge?(owner: CloudOwner, session: CloudOutlet, uplink: CloudUplink): CloudBridge;
}
