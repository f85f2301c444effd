const MAGIC = 0xe9; // as the chip's
const HEAD_BYTES = 5;

/** An image that this boot loader takes for one: a mark, the length, what is in it, and the sum of all that. */
export function virtualImage(content: Uint8Array): Uint8Array {
	const image = new Uint8Array(HEAD_BYTES + content.length + 4);
	const view = new DataView(image.buffer);
	view.setUint8(0, MAGIC);
	view.setUint32(1, image.length);
	image.set(content, HEAD_BYTES);
	view.setUint32(image.length - 4, sumOf(image));
	return image;
}

/** What was put into an image, or undefined when it is none, or half of one. */
export function virtualContent(slot: Uint8Array): Uint8Array | undefined {
	const view = new DataView(slot.buffer, slot.byteOffset, slot.byteLength);
	const length = view.getUint32(1);
	if (view.getUint8(0) !== MAGIC || length < HEAD_BYTES + 4 || length > slot.length) return undefined;
	const image = slot.subarray(0, length);
	return view.getUint32(length - 4) === sumOf(image) ? image.subarray(HEAD_BYTES, length - 4) : undefined;
}

function sumOf(image: Uint8Array): number {
	let sum = 1;
	for (let at = 0; at < image.length - 4; at++) sum = (Math.imul(sum, 31) + (image[at] as number)) >>> 0;
	return sum;
}
