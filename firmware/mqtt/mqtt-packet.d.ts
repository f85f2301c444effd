// mqtt-packet declares types for its front door only; the codec takes the parts.

declare module "mqtt-packet/parser.js" {
	export default class Parser {
		on(event: "packet" | "error", listener: (value: never) => void): this;
		/** Sets the protocol version. The constructor alone leaves the parser unusable. */
		parser(settings: { readonly protocolVersion: number }): this;
		/** Takes bytes; calls the listeners. Returns the bytes left over. */
		parse(bytes: Uint8Array): number;
		protected _parseString(): string | null;
		protected _parseStringPair(): { name: string; value: unknown };
	}
}

declare module "mqtt-packet/writeToStream.js" {
	interface WriteToStream {
		(packet: object, stream: object, options: { readonly protocolVersion: number }): boolean;
		cacheNumbers: boolean;
	}
	const writeToStream: WriteToStream;
	export default writeToStream;
}
