import type { VirtualInternet } from "./internet.js";

const EPOCH_1900_S = 2_208_988_800; // seconds from 1900 to 1970, RFC 5905, figure 4
const NTP_PORT = 123;

/** A time server that knows the world's true date, off by `offsetMs`. Answers as RFC 5905, section 14 (SNTP). */
export class SntpServer {
	offsetMs = 0;
	/** 0 means that it is not synchronised ("kiss of death"): clients must not take its time. */
	stratum = 2;
	/** With stratum 0, the reason: four letters (RFC 5905 §7.4). */
	kiss = "";
	requests = 0;

	constructor(internet: VirtualInternet, address: string) {
		internet.listenUdp(address, NTP_PORT, (request, reply) => {
			this.requests++;
			if (request.length >= 48 && ((request[0] as number) & 7) === 3)
				reply(this.answer(request, internet.world.trueMs));
		});
	}

	private answer(request: Uint8Array, trueMs: number): Uint8Array {
		const bytes = new Uint8Array(48);
		bytes[0] = ((request[0] as number) & 0x38) | 4; // the client's version, mode 4: server
		bytes[1] = this.stratum;
		for (let i = 0; i < this.kiss.length; i++) bytes[12 + i] = this.kiss.charCodeAt(i);
		bytes.set(request.subarray(40, 48), 24); // origin: what the client sent as its transmit time
		for (const at of [16, 32, 40]) putTime(bytes, at, trueMs + this.offsetMs); // reference, receive, transmit
		return bytes;
	}
}

function putTime(bytes: Uint8Array, at: number, epochMs: number): void {
	const view = new DataView(bytes.buffer);
	view.setUint32(at, (Math.floor(epochMs / 1_000) + EPOCH_1900_S) >>> 0);
	view.setUint32(at + 4, Math.floor(((epochMs % 1_000) / 1_000) * 2 ** 32) >>> 0);
}
