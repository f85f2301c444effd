import type { Board } from "../ports/board.js";
import type { Text } from "../ports/text.js";
import { base64 } from "../security/base64.js";
import { sha1 } from "./sha1.js";
import type { BrokerAddress } from "./types.js";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 §1.3
const PORT = 80; // §3
const TLS_PORT = 443;
const KEY_BYTES = 16; // §4.1, item 7

/** 16 bytes that nobody can guess, in Base64; undefined when the board has none. */
export function newKey(board: Pick<Board, "random">): string | undefined {
	const nonce = new Uint8Array(KEY_BYTES);
	try {
		board.random(nonce);
	} catch {
		return undefined;
	}
	return base64(nonce);
}

/**
 * The client's half of the opening handshake (§4.1), for the subprotocol of MQTT [MQTT-6.0.0-3].
 * `path` goes from its slash on, with the query if there is one, in the letters of an URL.
 */
export function requestFor({ host, port, tls }: BrokerAddress, path: string, key: string): string {
	const usual = port === (tls === undefined ? PORT : TLS_PORT);
	return (
		`GET ${path} HTTP/1.1\r\n` +
		`Host: ${usual ? host : `${host}:${port}`}\r\n` +
		"Upgrade: websocket\r\n" +
		"Connection: Upgrade\r\n" +
		`Sec-WebSocket-Key: ${key}\r\n` +
		"Sec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Protocol: mqtt\r\n" +
		"\r\n"
	);
}

/** What a server that understood `key` answers with in Sec-WebSocket-Accept (§4.2.2, item 5.4). */
export function acceptFor(key: string, text: Text): string {
	return base64(sha1(text.encode(key + GUID)));
}
