import type { BrokerAddress, Stage } from "./types.js";

/** Every stage, in the order in which they are passed. */
export const STAGES: readonly Stage[] = Object.freeze<Stage[]>([
	"network",
	"address",
	"time",
	"name",
	"tcp",
	"tls",
	"mqtt",
	"online",
]);

const NEVER = Number.POSITIVE_INFINITY;

/** Longest stay in a stage, milliseconds. What brings the network up has deadlines of its own (Joiner); a session ends itself. */
export function stageMs(stage: Stage): number {
	switch (stage) {
		case "time":
			return 120_000; // the last resort: Sntp gives up by itself, and earlier
		case "name":
			return 15_000; // lwIP asks four times within it
		case "tcp":
			return 20_000; // three retries of a lost SYN
		case "tls":
			return 30_000; // the chip alone computes for up to 4 s
		case "mqtt":
			return 30_000; // the session gives up after 20 s
		default:
			return NEVER;
	}
}

/** What it means that a stage took too long, for people. */
export function timeoutWords(stage: Stage, { host, port }: BrokerAddress): string {
	switch (stage) {
		case "time":
			return "the time could not be found out";
		case "name":
			return `no answer when looking up the name ${host}`;
		case "tcp":
			return `${host}, port ${port}, does not answer: no connection within ${stageMs(stage) / 1_000} s`;
		case "tls":
			return `${host}, port ${port}, took the connection, but no secure one came of it within ${stageMs(stage) / 1_000} s`;
		default:
			return `the broker ${host} took the connection and then said nothing for ${stageMs("mqtt") / 1_000} s`;
	}
}
