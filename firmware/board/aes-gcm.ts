import { BlockCipher, GHASH, Mode } from "crypt";

const BLOCK_BYTES = 16;

/**
 * AES-GCM (NIST SP 800-38D §7) from the SDK's native block cipher, counter mode and hash. Its own `gcm` counts in a
 * number of no fixed length, and so goes wrong where a nonce begins with zeros.
 */
export class AesGcm {
	private readonly cipher: BlockCipher;
	private readonly nonce: Uint8Array;
	private readonly associated: Uint8Array;

	/** A key of 16 or 32 bytes, a nonce of 12. */
	constructor(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array) {
		this.cipher = new BlockCipher("AES", bufferOf(key));
		this.nonce = nonce;
		this.associated = associated;
	}

	/** `bytes` encrypted or, which is the same, decrypted. */
	turn(bytes: Uint8Array): Uint8Array {
		return new Uint8Array(new Mode("CTR", this.cipher, this.counter(2)).encrypt(bufferOf(bytes)));
	}

	/** The tag of what `encrypted` is. */
	tag(encrypted: Uint8Array): Uint8Array {
		const zeros = new Uint8Array(BLOCK_BYTES);
		const hash = new GHASH(this.cipher.encrypt(zeros.buffer), bufferOf(this.associated));
		hash.write(bufferOf(encrypted));
		const tag = new Uint8Array(hash.close());
		const mask = new Uint8Array(this.cipher.encrypt(this.counter(1)));
		for (let at = 0; at < BLOCK_BYTES; at++) tag[at] = (tag[at] as number) ^ (mask[at] as number);
		return tag;
	}

	private counter(value: number): ArrayBuffer {
		const block = new Uint8Array(BLOCK_BYTES);
		block.set(this.nonce);
		block[BLOCK_BYTES - 1] = value;
		return block.buffer;
	}
}

/** The SDK wants whole buffers, and reads them in words. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
	return bytes.slice().buffer as ArrayBuffer;
}
