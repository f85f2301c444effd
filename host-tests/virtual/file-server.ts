import type { Connection, VirtualInternet } from "./internet.js";

/** A web server with one file, which knows ranges (RFC 9110 §14). What is wrong with it is for a test to set. */
export class FileServer {
	/** Each request, as it came. */
	readonly requests: string[] = [];
	/** Closes the connection after this many more answers, in the middle of the next one; undefined: never. */
	breaksAfter: number | undefined;
	/** Answers something else. */
	answer: ((request: string) => string | Uint8Array | undefined) | undefined;

	constructor(internet: VirtualInternet, address: string, name: string, file: () => Uint8Array) {
		internet.names.set(name, address);
		internet.listen(
			address,
			443,
			(connection) => {
				let request = "";
				return {
					onData: (bytes, count) => {
						for (const byte of bytes.subarray(0, count)) request += String.fromCharCode(byte);
						if (!request.endsWith("\r\n\r\n")) return;
						this.serve(request, connection, file());
						request = "";
					},
					onClose: () => undefined,
				};
			},
			[name],
		);
	}

	private serve(request: string, connection: Connection, file: Uint8Array): void {
		this.requests.push(request);
		const other = this.answer?.(request);
		if (other !== undefined) {
			connection.send(typeof other === "string" ? ascii(other) : other);
			return;
		}
		const [first = 0, last = 0] = (request.split("bytes=")[1] ?? "").split("\r\n")[0]?.split("-").map(Number) ?? [];
		const body = file.subarray(first, last + 1);
		const head = `HTTP/1.1 206 Partial Content\r\nContent-Range: bytes ${first}-${last}/${file.length}\r\nContent-Length: ${body.length}\r\n\r\n`;
		connection.send(ascii(head));
		if (this.breaksAfter === 0) {
			connection.send(body.subarray(0, body.length >> 1));
			connection.close();
		} else connection.send(body);
		if (this.breaksAfter !== undefined) this.breaksAfter = this.breaksAfter === 0 ? undefined : this.breaksAfter - 1;
	}
}

function ascii(text: string): Uint8Array {
	return Uint8Array.from([...text].map((char) => char.charCodeAt(0)));
}
