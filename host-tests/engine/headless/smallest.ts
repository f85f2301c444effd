import type { Creation } from "./headless.js";

/** The one pool that an ESP32-C3 has for everything of the engine's (manifests/esp32c3), in bytes. */
const POOL_BYTES = 94_208;
/** A slot on a chip's 32 bits; on the 64 of a PC it is twice as large. */
export const CHIP_SLOT_BYTES = 16;
/** The engine's tables of keys, symbols and names, rounded up. */
const TABLES_BYTES = 4_096;
const SLOTS = 2_304;
const STACK_SLOTS = 512;

/** That pool, laid out for a PC, where each heap has its own size, and none of them grows. */
export const SMALLEST: Creation = {
	heap: { initial: SLOTS, incremental: 0 },
	stack: STACK_SLOTS,
	keys: { initial: 64, incremental: 32 },
	chunk: { initial: POOL_BYTES - (SLOTS + STACK_SLOTS) * CHIP_SLOT_BYTES - TABLES_BYTES, incremental: 0 },
};
