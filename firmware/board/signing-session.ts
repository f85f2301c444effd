import handshake from "ssl/handshake";
import record from "ssl/record";
import Session, { type Protocol, type Transport } from "ssl/session";
import type { DeviceKey } from "./device-key.js";

const CERTIFICATE_VERIFY = 15; // RFC 5246 §7.4.8
const SHA256_ECDSA = 0x0403;

/**
 * Has what the SDK cannot sign itself, with a key that is not RSA, signed here. As a method of this one session and not as
 * a class: the SDK's is not there yet when ours would be made.
 */
export function signHere<T extends Transport>(session: Session<T>): void {
	// Defined rather than set: the SDK's own is in flash, and cannot be hidden by setting.
	Object.defineProperty(session, "doProtocol", { value: doProtocol });
}

function doProtocol<T extends Transport>(
	this: Session<T>,
	transport: T,
	protocol: Protocol,
	first: unknown,
	second: unknown,
): void {
	const message = protocol === handshake.certificateVerify ? verifyMessage(this) : undefined;
	if (message === undefined) {
		Session.prototype.doProtocol.call(this, transport, protocol, first, second);
		return;
	}
	this.handshakeDigests.SHA256.write(message);
	const packet = record.packetize(this, record.handshake, message);
	transport.write(packet);
	transport.writable -= packet.byteLength;
}

/** A CertificateVerify: the signature of all messages so far; undefined where the SDK can make it. */
function verifyMessage<T extends Transport>({ handshakeDigests, options }: Session<T>): Uint8Array | undefined {
	const identity: DeviceKey | undefined = options.identity;
	const digest = handshakeDigests.SHA256.close(true); // it goes on
	const signature = identity?.sign(digest);
	if (signature === undefined) return undefined;
	const { length } = signature;
	const body = [SHA256_ECDSA >> 8, SHA256_ECDSA & 0xff, length >> 8, length & 0xff, ...signature];
	return Uint8Array.from([CERTIFICATE_VERIFY, 0, body.length >> 8, body.length & 0xff, ...body]);
}
