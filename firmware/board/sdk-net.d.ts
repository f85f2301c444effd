/* Network classes of the SDK; see sdk.d.ts. */

declare module "embedded:io/socket/tcp" {
	export default class TCP<T = undefined> {
		readonly target: T;
		constructor(options: {
			address: string;
			port: number;
			nodelay?: boolean;
			target: T;
			onReadable: (this: TCP<T>, unread: number) => void;
			onWritable: (this: TCP<T>, room: number) => void;
			onError: (this: TCP<T>) => void;
		});
		/** Fills `into`; throws when less than that has arrived. */
		read(into: Uint8Array): number;
		/** Returns the room left, or undefined when the connection is broken; throws when there is not enough room. */
		write(bytes: Uint8Array): number | undefined;
		close(): void;
	}
}

declare module "embedded:io/socket/udp" {
	export interface Datagram extends ArrayBuffer {
		readonly address: string;
		readonly port: number;
	}
	export default class UDP<T = undefined> {
		readonly target: T;
		constructor(options: { target: T; onReadable: (this: UDP<T>) => void });
		read(): Datagram | undefined;
		write(bytes: Uint8Array, address: string, port: number): void;
		close(): void;
	}
}

declare module "embedded:network/interface/wifi" {
	/** One network in reach. */
	export interface Found {
		readonly SSID: string;
	}
	export default class WiFi<T = undefined> {
		/** 200 disconnected, 300 connecting, 400 associated, 500 has its addresses. */
		readonly connection: number;
		readonly MAC: string;
		readonly RSSI: number | undefined;
		/** The only SDK class here that knows no `target`: set it after construction. */
		target: T;
		constructor(options: { onChanged: (this: WiFi<T>, what: string) => void });
		connect(options: { SSID: string; password?: string }): void;
		scan(options: { onFound: (this: WiFi<T>, found: Found) => void; onComplete: (this: WiFi<T>) => void }): void;
		disconnect(): void;
		close(): void;
	}
}

declare module "system" {
	/* Only for what it does when loaded: it makes the global System. */
}

declare const System: {
	resolve(host: string, done: (host: string, address: string | undefined) => void): void;
	/** On the chip only. */
	restart?(): void;
};
