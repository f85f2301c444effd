import Resource from "Resource";
import type { TlsIdentity, TlsPolicy } from "../ports/network.js";
import type { BrokerConfig } from "./settings.js";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What the build says of TLS with a broker; only what there is, for what a device does not use is to cost it nothing. */
export function policyOf({ roots, pins, protocol, identity }: BrokerConfig): TlsPolicy | undefined {
	if (roots === undefined) return undefined;
	const policy: Writable<TlsPolicy> = { roots: roots.map(rootOf) };
	if (pins !== undefined) policy.pins = pins.map(bytesOf);
	if (protocol !== undefined) policy.protocol = protocol;
	if (identity !== undefined) policy.identity = identityOf(identity);
	return policy;
}

/** The trusted certificate of this number, left in flash. */
export function rootOf(number: number): Uint8Array {
	return resource(`root-${number}`);
}

function identityOf({ number, certificates }: NonNullable<BrokerConfig["identity"]>): TlsIdentity {
	const chain: Uint8Array[] = [];
	for (let n = 0; n < certificates; n++) chain.push(resource(`client-${number}-${n}`));
	return { certificates: chain, key: resource(`client-${number}-key`) };
}

function resource(name: string): Uint8Array {
	return new Uint8Array(new Resource(`${name}.der`));
}

function bytesOf(hex: string): Uint8Array {
	const bytes = new Uint8Array(hex.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}
