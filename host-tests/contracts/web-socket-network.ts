import { openStream } from "../../firmware/net/open-stream.js";
import type { Board } from "../../firmware/ports/board.js";
import type { Network, StreamHandler, StreamOptions } from "../../firmware/ports/network.js";

/** A board's network whose every stream is a WebSocket over one of the board's own. */
export function webSocketNetwork(board: Pick<Board, "network" | "random" | "text">): Network {
	const { network } = board;
	return {
		state: network.state,
		reason: network.reason,
		signalDbm: network.signalDbm,
		choices: network.choices,
		start: (handler) => network.start(handler),
		join: (choice) => network.join(choice),
		look: (choice, handler) => network.look(choice, handler),
		resolve: (host, handler) => network.resolve(host, handler),
		udp: (handler) => network.udp(handler),
		connect({ address, port, tls }: StreamOptions, handler: StreamHandler) {
			const host = tls?.serverName ?? address;
			return openStream(board, { host, port, tls, webSocketPath: "/mqtt" }, address, handler);
		},
	};
}
