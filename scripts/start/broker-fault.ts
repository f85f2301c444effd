import { Fault } from "../../firmware/model/fault.js";
import { connackWords } from "../../firmware/mqtt/reasons.js";
import { closeReason } from "../board/reasons.js";
import type { Target } from "./target.js";

// What Node.js calls what is wrong with a certificate: the words are the device's.
const CERTIFICATES: ReadonlyMap<string, string> = new Map([
	["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another name"],
	["CERT_HAS_EXPIRED", "its certificate has expired"],
	["CERT_NOT_YET_VALID", "its certificate is not valid yet"],
	["SELF_SIGNED_CERT_IN_CHAIN", "its certificate comes from nobody who is trusted here"],
	["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate comes from nobody who is trusted here"],
	["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its certificate comes from nobody who is trusted here"],
	["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its certificate comes from nobody who is trusted here"],
]);

/** Why MQTT.js has no connection to a broker, as one plain sentence. */
export function brokerFault({ host, port }: Pick<Target, "host" | "port">, error: unknown): Fault {
	const said = error as Error & { code?: string | number; errors?: Error[] };
	const [first = said] = said.errors ?? []; // of a name with several addresses, each was tried
	const { code } = first as { code?: string | number };
	const who = `the broker at ${host}, port ${port}`;
	if (typeof code === "number")
		return new Fault(who, `it refused the connection: ${connackWords(code, 4)}`, "see --broker");
	const certificate = CERTIFICATES.get(code ?? "");
	if (certificate !== undefined) return new Fault(who, `TLS refused: ${certificate}`, "see --broker and --ca");
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return new Fault(who, "there is no such name", "see --broker");
	return new Fault(who, closeReason(first as Error & { code?: string }), "see --broker, and whether it runs");
}
