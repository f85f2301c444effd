import { resolve } from "node:path";
import type { TlsIdentity } from "../../firmware/ports/network.js";
import { checkProtocol, identityOf, type Named, readPins } from "../pki/identity.js";
import type { Fail, Fields } from "./fields.js";
import { readRoots } from "./roots.js";

/** Of TLS with one broker, as the firmware's settings say it. */
export interface BrokerTls {
	/** Which of the settings' roots it is checked against; absent for plain TCP. */
	readonly roots?: readonly number[];
	/** SHA-256 digests of public keys, hexadecimal. */
	readonly pins?: readonly string[];
	/** Application protocol to ask for. */
	readonly protocol?: string;
	/** Which of the settings' identities the device shows, and how many certificates that has. */
	readonly identity?: { readonly number: number; readonly certificates: number };
}

/** Certificates, each of them once: brokers may trust the same. */
export class RootList {
	readonly all: Buffer[] = [];

	/** The numbers of these certificates in the list. */
	numbers(roots: readonly Buffer[]): number[] {
		return roots.map((root) => {
			const known = this.all.findIndex((one) => one.equals(root));
			return known >= 0 ? known : this.all.push(root) - 1;
		});
	}
}

/** What firmware carries besides its settings, collected from one broker after the other. */
export interface Carried {
	readonly roots: RootList;
	readonly identities: TlsIdentity[];
}

const ONLY_TLS = ["certificate", "key", "pins", "alpn"] as const;

/** Checks what a broker's settings say of TLS. `folder` is where relative paths of files begin. */
export function checkTls(fields: Fields, encrypted: boolean, folder: string, carried: Carried, fail: Fail): BrokerTls {
	const ca = fields.optional("ca");
	if (!encrypted) {
		for (const key of ONLY_TLS) if (fields.has(key)) fail(`${fields.name(key)} is for mqtts:// and wss:// only`);
		return {};
	}
	if (ca === undefined)
		return fail(`${fields.name("ca")} is missing: the PEM file with the root certificate to check the broker against`);
	const roots = carried.roots.numbers(readRoots(fields.name("ca"), resolve(folder, ca), fail));
	const pins = readPins(fields.name("pins"), fields.texts("pins"), fail);
	const protocol = checkProtocol(fields.name("alpn"), fields.optional("alpn"), fail);
	const named = (key: string): Named | undefined => {
		const path = fields.optional(key);
		return path === undefined ? undefined : { name: fields.name(key), path: resolve(folder, path) };
	};
	const identity = identityOf(named("certificate"), named("key"), fail);
	return {
		roots,
		...(pins === undefined ? {} : { pins: pins.map((pin) => Buffer.from(pin).toString("hex")) }),
		...(protocol === undefined ? {} : { protocol }),
		...(identity === undefined ? {} : { identity: numbered(identity, carried.identities) }),
	};
}

function numbered(identity: TlsIdentity, all: TlsIdentity[]): BrokerTls["identity"] {
	return { number: all.push(identity) - 1, certificates: identity.certificates.length };
}
