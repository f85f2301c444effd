import type {
	LookHandler,
	Network,
	NetworkHandler,
	NetworkState,
	ResolveHandler,
	Stream,
	StreamHandler,
	StreamOptions,
	Udp,
	UdpHandler,
} from "../ports/network.js";
import { resolve } from "./resolve.js";
import { TcpStream } from "./tcp-stream.js";
import { trustEndsMs } from "./tls-sessions.js";
import { TlsStream } from "./tls-stream.js";
import { openUdp } from "./udp-socket.js";

/** The part of a network that does not depend on how it is joined: names, streams and datagrams. */
export abstract class SocketNetwork implements Network {
	abstract readonly state: NetworkState;
	abstract readonly reason: string | undefined;
	abstract readonly signalDbm: number | undefined;

	get trustEndsMs(): number | undefined {
		return trustEndsMs();
	}

	abstract readonly choices: readonly string[];

	abstract start(handler: NetworkHandler): void;

	abstract join(choice: number): void;

	abstract look(choice: number, handler: LookHandler): void;

	resolve(host: string, handler: ResolveHandler): void {
		resolve(host, handler);
	}

	connect(options: StreamOptions, handler: StreamHandler): Stream {
		return options.tls ? new TlsStream(options, options.tls, handler) : new TcpStream(options, handler);
	}

	udp(handler: UdpHandler): Udp {
		return openUdp(handler);
	}
}
