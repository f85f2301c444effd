/**
 * What is measured: one message out without and with its acknowledgement; a command carried out and answered, of words and
 * with numbers in it; and a record of samples that goes to flash, comes back out of it and is acknowledged.
 */
export const TASKS = ["qos0", "qos1", "command", "setting", "drain"] as const;
export type Task = (typeof TASKS)[number];

/** Whether a task begins with a message that comes in. */
export function isCommand(task: Task): boolean {
	return task === "command" || task === "setting";
}

/**
 * Who does it. `none` makes the payloads and no more; `least` is what no client can do without; `farpin` is ours;
 * `plain` is mqtt-packet as its manual says; `sdk` is the MQTT client of the Moddable SDK, which is only there.
 */
export const CLIENTS = ["none", "least", "farpin", "plain", "sdk"] as const;
export type Client = (typeof CLIENTS)[number];
