import { isIpv4 } from "./address.js";

const NAMES_MAX = 16;
/** What resolvers that block a name answer, and addresses of nobody. */
const NOBODY: readonly string[] = Object.freeze(["0.0.0.0", "255.255.255.255"]);

/**
 * The last address that each name had: what to fall back on when no name server answers. Nothing is trusted because of
 * it: certificates are checked for the name, wherever the connection leads.
 */
export class Names {
	/** Only there once a name is known: a broker that is called by its address has none. */
	private known: Map<string, string> | undefined = undefined;

	/** Takes what a look-up brought; returns the address to use, undefined when it brought none. */
	learn(host: string, address: string | undefined): string | undefined {
		if (address === undefined || !isIpv4(address) || NOBODY.includes(address)) return undefined;
		this.known ??= new Map();
		if (this.known.has(host) || this.known.size < NAMES_MAX) this.known.set(host, address);
		return address;
	}

	/** The last address that `host` had, as far as anybody knows. */
	recall(host: string): string | undefined {
		return this.known?.get(host);
	}
}
