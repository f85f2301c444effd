import type { StreamHandler } from "../ports/network.js";

/** Is told how far a stream has come. */
export interface StreamWatcher {
	/** The connection stands; for TLS, the handshake begins. */
	onStreamConnected(): void;
	/** Bytes may flow. */
	onStreamOpen(): void;
	/** The stream ended before it was open. */
	onStreamFailed(reason: string): void;
}

/** Stands between a stream and the session that uses it, and tells the link how far the stream has come. */
export class StreamWatch implements StreamHandler {
	private readonly session: StreamHandler;
	private readonly watcher: StreamWatcher;
	private isOpen = false;

	constructor(session: StreamHandler, watcher: StreamWatcher) {
		this.session = session;
		this.watcher = watcher;
	}

	/** The next stream begins. */
	reset(): void {
		this.isOpen = false;
	}

	onConnected(): void {
		this.watcher.onStreamConnected();
	}

	onOpen(): void {
		this.isOpen = true;
		this.watcher.onStreamOpen();
		this.session.onOpen();
	}

	onData(bytes: Uint8Array, count: number): void {
		this.session.onData(bytes, count);
	}

	onWritable(): void {
		this.session.onWritable();
	}

	onClose(reason: string): void {
		if (this.isOpen) this.session.onClose(reason);
		else this.watcher.onStreamFailed(reason);
	}
}
