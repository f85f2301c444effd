import { explainAlert } from "../../firmware/security/alert-words.js";
import { Refused } from "../../firmware/security/refused.js";

const SHAKING = "the other side closed the connection during the TLS handshake";

const SOCKET_REASONS = new Map<string, string>([
	["ECONNREFUSED", "nobody listens there (connection refused)"],
	["ECONNRESET", "the other side cut the connection"],
	["EPIPE", "the other side cut the connection"],
	["ETIMEDOUT", "no answer"],
	["EHOSTUNREACH", "there is no route to that address"],
	["ENETUNREACH", "there is no route to that network"],
	["EADDRNOTAVAIL", "there is no such address"],
]);

// What OpenSSL finds only after the handshake has become secret.
const SECRET_REASONS = new Map<string, string>([
	["ERR_SSL_CIPHER_OPERATION_FAILED", "what the other side sent was not signed with its key"],
	["ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "what the other side sent was not signed with its key"],
	["ERR_SSL_DIGEST_CHECK_FAILED", "what the other side sent was not signed with its key"],
]);

/** Why a connection failed, for the owner of a device. `unknown`: the server asked who this is, and was told nothing. */
export function closeReason(error: Error & { code?: string }, unknown = false): string {
	if (error instanceof Refused) return `TLS refused: ${error.message}`;
	const alert = /SSL alert number (\d+)/.exec(error.message);
	if (alert !== null) return explainAlert(Number(alert[1]), unknown);
	if (error.message.includes("before secure TLS connection")) return SHAKING;
	const code = error.code ?? "";
	const socket = SOCKET_REASONS.get(code);
	if (socket !== undefined) return socket;
	if (/^(ERR_SSL|ERR_TLS|CERT_)/.test(code)) return `TLS refused: ${SECRET_REASONS.get(code) ?? error.message.trim()}`;
	return error.message;
}
