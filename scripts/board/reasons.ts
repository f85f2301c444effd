const SOCKET_REASONS = new Map<string, string>([
	["ECONNREFUSED", "nobody listens there (connection refused)"],
	["ECONNRESET", "the other side cut the connection"],
	["EPIPE", "the other side cut the connection"],
	["ETIMEDOUT", "no answer"],
	["EHOSTUNREACH", "there is no route to that address"],
	["ENETUNREACH", "there is no route to that network"],
	["EADDRNOTAVAIL", "there is no such address"],
]);

const CERTIFICATE_REASONS = new Map<string, string>([
	["SELF_SIGNED_CERT_IN_CHAIN", "its certificate comes from an authority that is not trusted here"],
	["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is signed by itself and not trusted here"],
	["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its certificate comes from an authority that is not trusted here"],
	["UNABLE_TO_GET_ISSUER_CERT", "its certificate comes from an authority that is not trusted here"],
	["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its certificate comes from an authority that is not trusted here"],
	["CERT_SIGNATURE_FAILURE", "the signature of its certificate is wrong"],
	["CERT_HAS_EXPIRED", "its certificate has expired"],
	["CERT_NOT_YET_VALID", "its certificate is not valid yet; is the clock right?"],
	["CERT_REVOKED", "its certificate was revoked"],
	["INVALID_PURPOSE", "its certificate is not meant for servers"],
	["INVALID_CA", "its certificate was signed by one that is no authority"],
]);

/** Why a connection failed, for the owner of a device. */
export function closeReason(error: Error & { code?: string }, serverName: string | undefined): string {
	const code = error.code ?? "";
	const socket = SOCKET_REASONS.get(code);
	if (socket !== undefined) return socket;
	if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return `TLS refused: its certificate is not for "${serverName}"`;
	const certificate = CERTIFICATE_REASONS.get(code);
	if (certificate !== undefined) return `TLS refused: ${certificate}`;
	if (code === "ERR_SSL_WRONG_VERSION_NUMBER") return "TLS refused: the other side does not speak TLS at this port";
	if (/VERSION|UNSUPPORTED_PROTOCOL/.test(code)) return "TLS refused: the other side speaks no TLS 1.2 or newer";
	if (code.startsWith("ERR_SSL") || code.startsWith("CERT_")) return `TLS refused: ${error.message}`;
	return error.message;
}
