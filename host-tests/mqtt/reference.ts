import writeToStream from "mqtt-packet/writeToStream.js";
import type { PacketOut } from "../../firmware/mqtt/packet.js";

/** What mqtt-packet writes, piece by piece, put together by nobody of ours. */
export function reference(packet: PacketOut, version: 4 | 5): Uint8Array {
	const pieces: Buffer[] = [];
	const stream = {
		write: (piece: string | Uint8Array) => pieces.push(Buffer.from(piece as string)) > 0,
		destroy(error: Error) {
			throw error;
		},
	};
	writeToStream(packet, stream, { protocolVersion: version });
	return new Uint8Array(Buffer.concat(pieces));
}
