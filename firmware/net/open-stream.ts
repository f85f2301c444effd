import type { Board } from "../ports/board.js";
import type { Stream, StreamHandler } from "../ports/network.js";
import { streamOptions } from "./address.js";
import type { BrokerAddress } from "./types.js";
import { WebSocketStream } from "./websocket.js";

/**
 * Opens the stream that MQTT to this broker travels on: TCP or TLS, and over it a WebSocket where the address says so.
 * @param address IPv4 address of `broker.host`, in dotted form.
 */
export function openStream(
	board: Pick<Board, "network" | "random" | "text">,
	broker: BrokerAddress,
	address: string,
	handler: StreamHandler,
): Stream {
	const options = streamOptions(broker, address);
	const { webSocketPath } = broker;
	if (webSocketPath === undefined) return board.network.connect(options, handler);
	const webSocket = new WebSocketStream(broker, webSocketPath, board, handler);
	webSocket.over(board.network.connect(options, webSocket));
	return webSocket;
}
