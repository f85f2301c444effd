import { createECDH } from "node:crypto";
import { readOffer } from "../../firmware/security/tls-offer.js";

const CLIENT_RANDOM = new Uint8Array(32).fill(1);
const RENEGOTIATION_INFO = 0xff01;
const POINT = new Uint8Array(createECDH("prime256v1").generateKeys());

function words(...values: readonly number[]): number[] {
	return values.flatMap((value) => [value >> 8, value & 0xff]);
}

function vector(lengthBytes: number, content: ArrayLike<number>): number[] {
	const bytes = Array.from(content);
	const length = Array.from({ length: lengthBytes }, (_, i) => (bytes.length >> (8 * (lengthBytes - 1 - i))) & 0xff);
	return [...length, ...bytes];
}

/** The ClientHello of a device (RFC 5246 §7.4.1.2), as a record; `more` are extensions beside the usual ones. */
export function clientHello(sessionId: Uint8Array = new Uint8Array(), more: readonly number[] = []): Uint8Array {
	const extensions = [
		...more,
		...words(10),
		...vector(2, vector(2, words(23))),
		...words(11),
		...vector(2, vector(1, [0])),
		...words(13),
		...vector(2, vector(2, words(0x0403, 0x0401))),
	];
	const suites = vector(2, words(0xc02b, 0xc02f));
	const body = [
		3,
		3,
		...CLIENT_RANDOM,
		...vector(1, sessionId),
		...suites,
		...vector(1, [0]),
		...vector(2, extensions),
	];
	return Uint8Array.from([22, 3, 1, ...vector(2, [1, ...vector(3, body)])]);
}

interface HelloWish {
	readonly version?: number;
	readonly random?: number;
	readonly sessionId?: Uint8Array;
	readonly suite?: number;
	readonly compression?: number;
	readonly extensions?: readonly number[];
}

interface ExchangeWish {
	readonly algorithm?: number;
	readonly curve?: number;
	readonly point?: Uint8Array;
	/** The server's random number that is signed. */
	readonly random?: number;
	/** The point is changed after it was signed. */
	readonly change?: boolean;
}

/** What a server sends in the clear, made by hand: right unless a wish says otherwise. */
export class Flight {
	private records: number[][] = [];
	private random = 2;
	private readonly clientRandom: Uint8Array;
	private readonly usual: readonly number[];

	/** `clientRecord` is the ClientHello that it answers. */
	constructor(clientRecord?: Uint8Array) {
		const offer = clientRecord === undefined ? undefined : readOffer(clientRecord);
		this.clientRandom = offer?.random ?? CLIENT_RANDOM;
		// Clients that ask whether renegotiation is safe end everything where nobody answers (RFC 5746 §3.4).
		this.usual = offer?.extensions.includes(RENEGOTIATION_INFO) ? [...words(RENEGOTIATION_INFO), 0, 1, 0] : [];
	}

	/** Anything at all. */
	raw(bytes: ArrayLike<number>): this {
		this.records.push(Array.from(bytes));
		return this;
	}

	record(kind: number, content: ArrayLike<number>): this {
		return this.raw([kind, 3, 3, ...vector(2, content)]);
	}

	message(kind: number, body: ArrayLike<number>): this {
		const content = [kind, ...vector(3, body)];
		for (let at = 0; at < content.length; at += 16_384) this.record(22, content.slice(at, at + 16_384));
		return this;
	}

	hello({
		version = 0x0303,
		random = 2,
		sessionId = new Uint8Array(),
		suite = 0xc02b,
		compression = 0,
		extensions = this.usual,
	}: HelloWish = {}): this {
		this.random = random;
		const chosen = [...words(suite), compression];
		const tail = extensions.length === 0 ? [] : vector(2, extensions);
		return this.message(2, [
			...words(version),
			...Array<number>(32).fill(random),
			...vector(1, sessionId),
			...chosen,
			...tail,
		]);
	}

	certificates(...ders: readonly Uint8Array[]): this {
		return this.message(
			11,
			vector(
				3,
				ders.flatMap((der) => vector(3, der)),
			),
		);
	}

	/** `sign` is given what is to be signed: both random numbers and the parameters. */
	keyExchange(sign: (message: Uint8Array) => Uint8Array, wish: ExchangeWish = {}): this {
		const { algorithm = 0x0403, curve = 23, point = POINT, random = this.random, change = false } = wish;
		const parameters = [3, ...words(curve), ...vector(1, point)];
		const signature = sign(Uint8Array.from([...this.clientRandom, ...Array<number>(32).fill(random), ...parameters]));
		const other = createECDH("prime256v1").generateKeys();
		const sent = change ? [3, ...words(curve), ...vector(1, other)] : parameters;
		return this.message(12, [...sent, ...words(algorithm), ...vector(2, signature)]);
	}

	done(): this {
		return this.message(14, []);
	}

	/** The same messages in records of `size` bytes. */
	cutInto(size: number): this {
		const content = this.records.flatMap((record) => record.slice(5));
		this.records = [];
		for (let at = 0; at < content.length; at += size) this.record(22, content.slice(at, at + size));
		return this;
	}

	inOneRecord(): this {
		return this.cutInto(16_384);
	}

	bytes(): Uint8Array {
		return Uint8Array.from(this.records.flat());
	}
}
