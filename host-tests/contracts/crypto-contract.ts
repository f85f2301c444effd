import type { Crypto } from "../../firmware/ports/crypto.js";
import { type Check, equal, ok } from "./checks.js";

/** What the cryptography of every board must do: the examples of the specifications, and none of what resembles them. */
export function cryptoContract(crypto: Crypto): Check[] {
	return [
		{ name: "makes the digests of FIPS 180-4", run: () => digests(crypto) },
		{ name: "makes the MACs of RFC 4231", run: () => macs(crypto) },
		{ name: "knows the signature of RFC 7515 A.3, and no other", run: () => signatures(crypto) },
		...SEALED.map((sealed) => ({ name: `seals and opens: ${sealed.name}`, run: () => seals(crypto, sealed) })),
		{ name: "opens nothing of which one bit is another", run: () => forgeries(crypto) },
	];
}

interface Sealed {
	readonly name: string;
	readonly key: string;
	readonly nonce: string;
	readonly associated: string;
	readonly plain: string;
	readonly sealed: string;
}

const KEY = "feffe9928665731c6d6a8f9467308308";
const NONCE = "cafebabefacedbaddecaf888";
const ASSOCIATED = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
const PLAIN =
	"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
	"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

/** From the paper that proposed GCM to NIST, appendix B: test cases 1, 2, 4 and 16. */
const SEALED: readonly Sealed[] = [
	{
		name: "nothing",
		key: "00".repeat(16),
		nonce: "00".repeat(12),
		associated: "",
		plain: "",
		sealed: "58e2fccefa7e3061367f1d57a4e7455a",
	},
	{
		name: "one block, under a nonce of zeros",
		key: "00".repeat(16),
		nonce: "00".repeat(12),
		associated: "",
		plain: "00".repeat(16),
		sealed: "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf",
	},
	{
		name: "60 bytes with associated data, AES-128",
		key: KEY,
		nonce: NONCE,
		associated: ASSOCIATED,
		plain: PLAIN,
		sealed:
			"42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e" +
			"21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
	},
	{
		name: "60 bytes with associated data, AES-256",
		key: KEY + KEY,
		nonce: NONCE,
		associated: ASSOCIATED,
		plain: PLAIN,
		sealed:
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
			"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
	},
];

function digests(crypto: Crypto): void {
	const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	equal(hex(crypto.hash("SHA256", ascii("abc"))), sha256, "SHA-256 of abc");
	equal(crypto.hash("SHA384", ascii("abc")).length, 48, "length of SHA-384");
	equal(crypto.hash("SHA512", ascii("abc")).length, 64, "length of SHA-512");
}

function macs(crypto: Crypto): void {
	const mac = hex(crypto.hmac(ascii("Jefe"), ascii("what do ya want for nothing?")));
	equal(mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "test case 2");
	const long = ascii("Test Using Larger Than Block-Size Key - Hash Key First");
	const longMac = hex(crypto.hmac(bytes("aa".repeat(131)), long));
	equal(longMac, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", "test case 6");
}

function signatures(crypto: Crypto): void {
	const message = ascii(
		"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog" +
			"Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
	);
	const x = bytes("7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445");
	const y = bytes("c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad");
	const r = bytes("0ed1215379636c483c2f7f155807d402a3b228033af97c7e17819ac3169ea665");
	const s = bytes("c50a07d38c3c70e5d8f12daf084a5480a66590c5f293509a8f3f7f8a83a354d5");
	ok(crypto.verifyEcdsa("P-256", "SHA256", message, { x, y, r, s }), "the signature is good");
	message[30] = (message[30] as number) ^ 1;
	ok(!crypto.verifyEcdsa("P-256", "SHA256", message, { x, y, r, s }), "it is of this message only");
	message[30] = (message[30] as number) ^ 1;
	ok(!crypto.verifyEcdsa("P-256", "SHA256", message, { x, y, r: s, s: r }), "it is this signature only");
}

function seals(crypto: Crypto, { key, nonce, associated, plain, sealed }: Sealed): void {
	const made = crypto.seal(bytes(key), bytes(nonce), bytes(associated), bytes(plain));
	equal(hex(made), sealed, "what is sealed");
	const opened = crypto.open(bytes(key), bytes(nonce), bytes(associated), bytes(sealed));
	equal(opened === undefined ? undefined : hex(opened), plain, "what is opened");
}

function forgeries(crypto: Crypto): void {
	const good = SEALED[2] as Sealed;
	const open = (nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array) =>
		crypto.open(bytes(good.key), nonce, associated, sealed);
	const { nonce, associated, sealed } = good;
	for (const at of [0, 59, 60, 75]) equal(open(bytes(nonce), bytes(associated), flip(sealed, at)), undefined, "sealed");
	equal(open(flip(nonce, 11), bytes(associated), bytes(sealed)), undefined, "nonce");
	equal(open(bytes(nonce), flip(associated, 19), bytes(sealed)), undefined, "associated data");
	equal(open(bytes(nonce), bytes(associated), bytes(sealed).subarray(0, 75)), undefined, "cut short");
	equal(open(bytes(nonce), bytes(associated), bytes(sealed).subarray(0, 15)), undefined, "shorter than a tag");
}

function flip(hexed: string, at: number): Uint8Array {
	const flipped = bytes(hexed);
	flipped[at] = (flipped[at] as number) ^ 1;
	return flipped;
}

function bytes(hexed: string): Uint8Array {
	const result = new Uint8Array(hexed.length / 2);
	for (let at = 0; at < result.length; at++) result[at] = Number.parseInt(hexed.slice(2 * at, 2 * at + 2), 16);
	return result;
}

function hex(all: Uint8Array): string {
	let result = "";
	for (const byte of all) result += byte.toString(16).padStart(2, "0");
	return result;
}

function ascii(text: string): Uint8Array {
	const result = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at++) result[at] = text.charCodeAt(at);
	return result;
}
