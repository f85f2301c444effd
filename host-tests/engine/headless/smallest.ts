import type { Creation } from "./headless.js";

/** The one pool that an ESP32-C3 has for everything of the engine's (manifests/esp32c3), in bytes. */
const POOL_BYTES = 94_208;
/** A slot on a chip's 32 bits; on the 64 of a PC it is twice as large. */
export const CHIP_SLOT_BYTES = 16;
/** The engine's tables of keys, symbols and names, rounded up. */
const TABLES_BYTES = 4_096;
const SLOTS = 2_304;
const STACK_SLOTS = 640;

/** That pool, laid out for a PC, where each heap has its own size, and none of them grows. */
export const SMALLEST: Creation = heapsOf(SLOTS, leftInSmallest(SLOTS, 0));

/** Heaps of so many slots, and of so many bytes of chunks, that do not grow. */
export function heapsOf(slots: number, chunkBytes: number): Creation {
	return {
		heap: { initial: slots, incremental: 0 },
		stack: STACK_SLOTS,
		keys: { initial: 64, incremental: 32 },
		chunk: { initial: chunkBytes, incremental: 0 },
	};
}

/** What is left of that pool, in bytes, when there are so many slots, and so many bytes of chunks. */
export function leftInSmallest(slots: number, chunkBytes: number): number {
	return POOL_BYTES - (slots + STACK_SLOTS) * CHIP_SLOT_BYTES - TABLES_BYTES - chunkBytes;
}
