import type { Case } from "./malformed-case.js";
import { codeCases } from "./malformed-codes.js";
import { headerCases } from "./malformed-header.js";
import { orderCases } from "./malformed-order.js";
import { propertyCases } from "./malformed-properties.js";
import { publishCases } from "./malformed-publish.js";

/**
 * What a server can do wrong, and a good deal that looks wrong and is right: every field of every packet that it sends,
 * in both versions of MQTT, before CONNACK, when nothing is under way and when everything is. The verdicts are those of
 * the specifications.
 */
export function* corpus(): Generator<Case> {
	for (const version of [4, 5] as const) {
		yield* headerCases(version);
		yield* codeCases(version);
		yield* publishCases(version);
		yield* orderCases(version);
	}
	yield* propertyCases();
}
