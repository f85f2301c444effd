/** The ways in which a test cuts bytes into chunks. */
export const CHUNKINGS = ["whole", "byte by byte", "halves", "threes"] as const;
export type Chunking = (typeof CHUNKINGS)[number];

export function cut(bytes: Uint8Array, chunking: Chunking): Uint8Array[] {
	const size = { whole: bytes.length, "byte by byte": 1, halves: Math.ceil(bytes.length / 2), threes: 3 }[chunking];
	return cutAt(
		bytes,
		Array.from({ length: bytes.length }, (_, index) => index).filter((at) => at % size === 0),
	);
}

/** Cuts before every given place. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
	const edges = [...new Set([0, ...places.filter((at) => at < bytes.length), bytes.length])].sort((a, b) => a - b);
	return edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge));
}
