/** Who a CONNECT says it is from. */
export interface Credentials {
	readonly username: string | undefined;
	readonly password: string | undefined;
}

/** A CONNECT of MQTT 3.1.1 (section 3.1), as far as it matters to somebody who passes it on. */
export interface Connect extends Credentials {
	/** The same packet with these credentials in place of its own. */
	with(credentials: Credentials): Buffer;
}

const VERSION_311 = 4;
const HAS_USERNAME = 0x80;
const HAS_PASSWORD = 0x40;
const HAS_WILL = 0x04;
const FLAGS_AT = 7; // after "MQTT" with its length, and the version

/** Where the first packet of `bytes` ends; undefined while that is not known yet. MQTT 3.1.1, section 2.2.3. */
export function packetEnd(bytes: Buffer): number | "broken" | undefined {
	let length = 0;
	for (let at = 1; at <= 4; at++) {
		const byte = bytes[at];
		if (byte === undefined) return undefined;
		length += (byte & 0x7f) * 0x80 ** (at - 1);
		if (byte < 0x80) return at + 1 + length;
	}
	return "broken";
}

/** Reads one whole packet. Undefined for anything but a CONNECT of MQTT 3.1.1 in good order. */
export function readConnect(packet: Buffer): Connect | undefined {
	const start = packet.findIndex((byte, at) => at > 0 && byte < 0x80) + 1;
	const body = packet.subarray(start);
	const isConnect = packet[0] === 0x10 && body.subarray(0, 6).equals(field("MQTT")) && body[6] === VERSION_311;
	if (!isConnect) return undefined;
	const flags = body[FLAGS_AT] ?? 0;
	const fields = readFields(body.subarray(FLAGS_AT + 3));
	const kept = 1 + (flags & HAS_WILL ? 2 : 0); // client id, will topic, will message
	const count = kept + (flags & HAS_USERNAME ? 1 : 0) + (flags & HAS_PASSWORD ? 1 : 0);
	if (fields?.length !== count) return undefined;
	const password = flags & HAS_PASSWORD ? fields.at(-1)?.toString() : undefined;
	return {
		username: flags & HAS_USERNAME ? fields[kept]?.toString() : undefined,
		password,
		with: (credentials) => write(body.subarray(0, FLAGS_AT + 3), fields.slice(0, kept), credentials),
	};
}

/** Strings and binary data, each after its length in two bytes; undefined when they do not come out even. */
function readFields(bytes: Buffer): Buffer[] | undefined {
	const fields: Buffer[] = [];
	for (let at = 0; at < bytes.length; ) {
		if (at + 2 > bytes.length) return undefined;
		const end = at + 2 + bytes.readUInt16BE(at);
		if (end > bytes.length) return undefined;
		fields.push(bytes.subarray(at + 2, end));
		at = end;
	}
	return fields;
}

function write(head: Buffer, kept: readonly Buffer[], { username, password }: Credentials): Buffer {
	const fixed = Buffer.from(head);
	let flags = (head[FLAGS_AT] ?? 0) & ~(HAS_USERNAME | HAS_PASSWORD);
	const fields: (Buffer | string)[] = [...kept];
	if (username !== undefined) {
		flags |= HAS_USERNAME;
		fields.push(username);
	}
	if (username !== undefined && password !== undefined) {
		flags |= HAS_PASSWORD; // MQTT 3.1.1 has no password without a user name, section 3.1.2.9
		fields.push(password);
	}
	fixed[FLAGS_AT] = flags;
	const body = Buffer.concat([fixed, ...fields.map(field)]);
	return Buffer.concat([Buffer.from([0x10, ...lengthBytes(body.length)]), body]);
}

function field(content: Buffer | string): Buffer {
	const bytes = Buffer.from(content);
	return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function lengthBytes(length: number): number[] {
	const bytes: number[] = [];
	for (let rest = length; ; rest >>= 7) {
		bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
		if (rest <= 0x7f) return bytes;
	}
}
