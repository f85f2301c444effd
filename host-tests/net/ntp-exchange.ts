const EPOCH_1900_S = 2_208_988_800;

/** Writes a time in milliseconds since 1970 as an NTP timestamp. */
export function putTimestamp(view: DataView, at: number, epochMs: number): void {
	view.setUint32(at, (Math.floor(epochMs / 1_000) + EPOCH_1900_S) % 2 ** 32);
	view.setUint32(at + 4, Math.ceil(((epochMs % 1_000) / 1_000) * 2 ** 32));
}

/** A request and the reply of an honest server at `epochMs`. */
export function exchange(epochMs = 1_790_000_000_250) {
	const request = new Uint8Array(48).map((_, i) => (i < 40 ? 0 : i));
	const reply = new Uint8Array(48);
	reply[0] = 0x24; // version 4, server
	reply[1] = 2;
	reply.set(request.subarray(40, 48), 24);
	const view = new DataView(reply.buffer);
	putTimestamp(view, 16, epochMs - 60_000);
	putTimestamp(view, 32, epochMs);
	putTimestamp(view, 40, epochMs);
	return { request, reply, view };
}
