/** What an exception of the SDK's TLS code means. */
export function explainTls(message: string): string {
	return `TLS refused: ${exceptionWords(message)}`;
}

function exceptionWords(message: string): string {
	switch (message) {
		case "certificate: auth err":
			return "the server's certificate is not from a trusted root, not for this name, or not valid today";
		case "date validation failed":
			return "the trusted root certificate is not valid today, or the device's date is wrong";
		case "serverKeyExchange: failed to verify signature":
		case "finished: auth err":
		case "recordProtocol: auth failed":
		case "recordProtocol auth failed":
			return "what the other side sent was not signed with its key";
		case "handshake: unsuppoorted cipher": // as the SDK spells it
		case "unsupported curve":
			return "the server chose a cipher or curve that this device does not know";
		case "":
		case "Error":
			return "the server's messages could not be read; its certificate chain may be split over several records";
		default:
			return message;
	}
}
