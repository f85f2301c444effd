import { sameBytes } from "../../security/der.js";
import type { HandshakeGate } from "../../security/handshake-gate.js";
import { Refused } from "../../security/refused.js";
import { accepts } from "../../security/tls-request.js";
import { curveOf, numberOf, pointOf } from "../curve-key.js";
import type { DeviceKey, SdkRsaKey } from "../device-key.js";

type Curve = ReturnType<typeof curveOf>;
type Point = ReturnType<typeof pointOf>;
type Key = { readonly modulus: bigint; readonly exponent: bigint } | { readonly pub: Point; readonly curve: Curve };

/**
 * What the SDK's TLS asks about certificates, in place of its own `ssl/cert`. The gate has judged them before the SDK
 * sees them; here the SDK is only told so, and given the key that was accepted.
 */
export default class CertificateManager {
	private readonly gate: HandshakeGate;
	private readonly identity: DeviceKey | undefined;

	constructor({ gate, identity }: { readonly gate: HandshakeGate; readonly identity?: DeviceKey | undefined }) {
		this.gate = gate;
		this.identity = identity;
	}

	/** Whether the gate has accepted this chain. */
	verify(chain: readonly Uint8Array[]): boolean {
		const { leaf } = this.gate;
		return leaf !== undefined && chain[0] !== undefined && sameBytes(chain[0], leaf.der);
	}

	/** The SDK hands over the server's certificate once more; it is known already. */
	register(): void {}

	/** The key of the server's certificate, or of this device's own, in the SDK's form. */
	getKey(certificate: unknown): Key | SdkRsaKey {
		const own = certificate === this.identity?.certificates[0] ? this.identity?.rsa : undefined;
		if (own !== undefined) return own;
		const key = this.gate.leaf?.key;
		if (key === undefined) throw new Error("the server has shown no certificate");
		if (key.kind === "rsa") return { modulus: numberOf(key.modulus), exponent: key.exponent };
		const { bytes, name } = key.curve;
		const pub = pointOf(key.point.subarray(1, 1 + bytes), key.point.subarray(1 + bytes));
		return { pub, curve: curveOf(name) };
	}

	/** This device's certificates for a server's request; without any an empty list is sent (RFC 5246 §7.4.6). */
	findPreferredCert(): readonly Uint8Array[] {
		const { gate, identity } = this;
		if (identity === undefined) return [];
		if (gate.request !== undefined && accepts(gate.request, identity.kind)) return identity.certificates;
		throw new Refused("it accepts no certificate of the kind that this device has");
	}
}
