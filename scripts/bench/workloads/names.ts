/** What is measured: one message out without and with its acknowledgement, and a command carried out and answered. */
export const TASKS = ["qos0", "qos1", "command"] as const;
export type Task = (typeof TASKS)[number];

/**
 * Who does it. `none` makes the payloads and no more; `least` is what no client can do without; `farpin` is ours;
 * `plain` is mqtt-packet as its manual says; `sdk` is the MQTT client of the Moddable SDK, which is only there.
 */
export const CLIENTS = ["none", "least", "farpin", "plain", "sdk"] as const;
export type Client = (typeof CLIENTS)[number];
