import { createRequire } from "node:module";

/** mqtt-packet's tables. */
export const constants: Record<
	| "MQTT5_PUBACK_PUBREC_CODES"
	| "MQTT5_PUBREL_PUBCOMP_CODES"
	| "MQTT5_SUBACK_CODES"
	| "MQTT5_UNSUBACK_CODES"
	| "MQTT5_DISCONNECT_CODES",
	Record<number, string>
> &
	Record<"properties", Record<string, number>> = createRequire(import.meta.url)("mqtt-packet/constants.js");
