import { sameBytes } from "../../security/der.js";
import type { HandshakeGate } from "../../security/handshake-gate.js";
import { curveOf, numberOf, pointOf } from "../curve-key.js";

type Curve = ReturnType<typeof curveOf>;
type Point = ReturnType<typeof pointOf>;
type Key = { readonly modulus: bigint; readonly exponent: bigint } | { readonly pub: Point; readonly curve: Curve };

/**
 * What the SDK's TLS asks about certificates, in place of its own `ssl/cert`. The gate has judged them before the SDK
 * sees them; here the SDK is only told so, and given the key that was accepted.
 */
export default class CertificateManager {
	private readonly gate: HandshakeGate;

	constructor({ gate }: { readonly gate: HandshakeGate }) {
		this.gate = gate;
	}

	/** Whether the gate has accepted this chain. */
	verify(chain: readonly Uint8Array[]): boolean {
		const { leaf } = this.gate;
		return leaf !== undefined && chain[0] !== undefined && sameBytes(chain[0], leaf.der);
	}

	/** The SDK hands over the server's certificate once more; it is known already. */
	register(): void {}

	/** The key of the server's certificate, in the SDK's form. */
	getKey(): Key {
		const key = this.gate.leaf?.key;
		if (key === undefined) throw new Error("the server has shown no certificate");
		if (key.kind === "rsa") return { modulus: numberOf(key.modulus), exponent: key.exponent };
		const { bytes, name } = key.curve;
		const pub = pointOf(key.point.subarray(1, 1 + bytes), key.point.subarray(1 + bytes));
		return { pub, curve: curveOf(name) };
	}

	/** This device's certificates that suit a server's request: none, so an empty list is sent (RFC 5246 §7.4.6). */
	findPreferredCert(): readonly Uint8Array[] {
		return [];
	}
}
