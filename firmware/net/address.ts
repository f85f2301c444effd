import type { StreamOptions } from "../ports/network.js";
import type { BrokerAddress } from "./types.js";

/** True for an IPv4 address in dotted form, which needs no name look-up. */
export function isIpv4(host: string): boolean {
	const parts = host.split(".");
	if (parts.length !== 4) return false;
	for (const part of parts) {
		if (part.length === 0 || part.length > 3) return false;
		for (const char of part) if (char < "0" || char > "9") return false;
		if (Number(part) > 255) return false;
	}
	return true;
}

/** How to connect to the broker once its name is looked up: the certificate must be for the name, not the address. */
export function streamOptions({ host, port, tls }: BrokerAddress, address: string): StreamOptions {
	return tls === undefined ? { address, port } : { address, port, tls: { ...tls, serverName: host } };
}
