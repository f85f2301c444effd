import { createHash } from "node:crypto";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { constants, inflateSync } from "node:zlib";

const SLIP_END = 0xc0;
const SLIP_ESCAPE = 0xdb;

/** Commands of the boot loader and of the program that esptool puts beside it: docs/en/advanced-topics/serial-protocol.rst of esptool. */
const COMMAND = {
	memEnd: 0x06,
	sync: 0x08,
	readRegister: 0x0a,
	deflateBegin: 0x10,
	deflateData: 0x11,
	deflateEnd: 0x12,
	md5: 0x13,
	securityInfo: 0x14,
	eraseRegion: 0xd1,
	readFlash: 0xd2,
} as const;

/** What the registers say that esptool reads: an ESP32 with a crystal of 40 MHz and 4 MB of flash. All others are 0. */
const REGISTERS: ReadonlyMap<number, number> = new Map([
	[0x4000_1000, 0x00f0_1d83], // which chip it is
	[0x3ff5_a004, 0x3344_5566], // MAC address: 24:6f:33:44:55:66
	[0x3ff5_a008, 0x0000_246f],
	[0x3ff4_0014, 347], // the divider of 40 MHz for 115,200 baud
	[0x3ff4_2080, 0x0016_4020], // what the flash calls itself
]);

/**
 * Stands in for an ESP32 that waits for esptool: speaks its protocol over TCP, which esptool takes as a serial port
 * (`socket://`), and keeps a flash in memory. Written from the protocol's public description; no chip was asked. It does not
 * run what it is sent, but answers from then on as esptool's own program on the chip does.
 */
export class RomLoader {
	readonly flash: Buffer;
	/** Every range that was erased or written: where it begins, where it ends. */
	readonly touched: [number, number][] = [];
	readonly #server: Server;

	private constructor(flash: Buffer) {
		this.flash = flash;
		this.#server = createServer((socket) => new Conversation(this, socket));
	}

	static async start(flash: Buffer): Promise<RomLoader> {
		const loader = new RomLoader(flash);
		await new Promise<void>((done) => loader.#server.listen(0, "127.0.0.1", done));
		return loader;
	}

	/** As esptool's `--port` wants it. */
	get port(): string {
		return `socket://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	put(at: number, bytes: Uint8Array): void {
		this.flash.set(bytes, at);
		this.touched.push([at, at + bytes.length]);
	}

	async close(): Promise<void> {
		await new Promise((done) => this.#server.close(done));
	}
}

/** One call of esptool: begins where a chip does after its reset. */
class Conversation {
	readonly #loader: RomLoader;
	readonly #socket: Socket;
	#inbox: number[] = [];
	#isEscaped = false;
	#isStub = false;
	#writing = { at: 0, size: 0, parts: [] as Buffer[] };

	constructor(loader: RomLoader, socket: Socket) {
		this.#loader = loader;
		this.#socket = socket;
		socket.on("data", (data) => this.#receive(data));
		socket.on("error", () => undefined);
	}

	#receive(data: Buffer): void {
		for (const byte of data) {
			if (byte === SLIP_END) {
				const packet = Buffer.from(this.#inbox);
				this.#inbox = [];
				// What is shorter than a head is how much esptool has taken of what it reads.
				if (packet.length >= 8) this.#answer(packet);
			} else if (byte === SLIP_ESCAPE) this.#isEscaped = true;
			else if (this.#isEscaped) {
				this.#inbox.push(byte === 0xdc ? SLIP_END : SLIP_ESCAPE);
				this.#isEscaped = false;
			} else this.#inbox.push(byte);
		}
	}

	#answer(packet: Buffer): void {
		const command = packet[1] as number;
		const data = packet.subarray(8);
		const word = (n: number) => data.readUInt32LE(4 * n);
		if (command === COMMAND.sync) for (let n = 0; n < 8; n++) this.#reply(command, this.#isStub ? 0 : 0x2012_0707);
		else if (command === COMMAND.readRegister) this.#reply(command, REGISTERS.get(word(0)) ?? 0);
		else if (command === COMMAND.securityInfo) this.#reply(command, 0, Buffer.alloc(0), 0x05);
		else if (command === COMMAND.memEnd) {
			this.#reply(command, 0);
			this.#isStub = true;
			this.#send(Buffer.from("OHAI"));
		} else if (command === COMMAND.deflateBegin) {
			this.#writing = { at: word(3), size: word(0), parts: [] };
			this.#reply(command, 0);
		} else if (command === COMMAND.deflateData) {
			this.#writing.parts.push(Buffer.from(data.subarray(16)));
			this.#reply(command, 0);
		} else this.#use(command, word);
	}

	/** What is about what is in the flash. */
	#use(command: number, word: (n: number) => number): void {
		this.#settle();
		const { flash } = this.#loader;
		if (command === COMMAND.md5) {
			this.#reply(
				command,
				0,
				createHash("md5")
					.update(flash.subarray(word(0), word(0) + word(1)))
					.digest(),
			);
		} else if (command === COMMAND.eraseRegion) {
			this.#loader.put(word(0), Buffer.alloc(word(1), 0xff));
			this.#reply(command, 0);
		} else if (command === COMMAND.readFlash) {
			const bytes = flash.subarray(word(0), word(0) + word(1));
			this.#reply(command, 0);
			for (let at = 0; at < bytes.length; at += word(2)) this.#send(bytes.subarray(at, at + word(2)));
			this.#send(createHash("md5").update(bytes).digest());
		} else this.#reply(command, 0);
	}

	/** What was sent in pieces is in the flash before anybody asks for it; as on a chip, sectors are erased as a whole. */
	#settle(): void {
		const { at, size, parts } = this.#writing;
		if (parts.length === 0) return;
		this.#writing.parts = [];
		const bytes = inflateSync(Buffer.concat(parts), { finishFlush: constants.Z_SYNC_FLUSH });
		const whole = Buffer.alloc(Math.ceil(size / 4_096) * 4_096, 0xff);
		bytes.copy(whole);
		this.#loader.put(at, whole);
	}

	/** A chip's own boot loader ends an answer with four bytes, the program beside it with two; the first tells of an error. */
	#reply(command: number, value: number, data = Buffer.alloc(0), error = 0): void {
		const status = Buffer.alloc(this.#isStub ? 2 : 4);
		if (error !== 0) status.set([1, error]);
		const head = Buffer.alloc(8);
		head.set([1, command]);
		head.writeUInt16LE(data.length + status.length, 2);
		head.writeUInt32LE(value >>> 0, 4);
		this.#send(Buffer.concat([head, data, status]));
	}

	#send(packet: Buffer): void {
		const bytes: number[] = [SLIP_END];
		for (const byte of packet) {
			if (byte === SLIP_END) bytes.push(SLIP_ESCAPE, 0xdc);
			else if (byte === SLIP_ESCAPE) bytes.push(SLIP_ESCAPE, 0xdd);
			else bytes.push(byte);
		}
		this.#socket.write(Buffer.from([...bytes, SLIP_END]));
	}
}
