const HANDSHAKE_FAILURE = 40;
const BAD_CERTIFICATE = 42;
const CERTIFICATE_REQUIRED = 116;

/**
 * What a TLS alert from the other side means: RFC 5246 §7.2, RFC 6066 §9, RFC 7301 §3.2, RFC 8446 §6.2.
 * @param unknown It asked for a certificate of this device, and was shown none: the likely reason.
 */
export function explainAlert(description: number, unknown = false): string {
	const about = description === HANDSHAKE_FAILURE || description === BAD_CERTIFICATE;
	if (unknown && about) return explainAlert(CERTIFICATE_REQUIRED);
	return `TLS refused by the other side: ${alertWords(description)}`;
}

function alertWords(description: number): string {
	switch (description) {
		case 0:
			return "it closed the connection during the handshake";
		case 40:
			return "no cipher or parameter in common";
		case 42:
		case 43:
		case 46:
			return "it does not accept this device's certificate";
		case 44:
			return "this device's certificate is revoked";
		case 45:
			return "this device's certificate has expired";
		case 48:
			return "it does not know who issued this device's certificate";
		case 49:
			return "access denied";
		case 70:
			return "it does not offer TLS 1.2";
		case 71:
			return "it demands stronger ciphers";
		case 90:
			return "it gave up";
		case 112:
			return "it has no server of that name";
		case 116:
			return "it demands a certificate of this device, which has none for it";
		case 120:
			return "no application protocol in common";
		default:
			return `alert ${description}`;
	}
}
