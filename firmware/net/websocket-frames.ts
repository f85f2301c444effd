// RFC 6455 §5.2, and what is the same in both directions.

/** Opcodes, §11.8. */
export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

/** The first bit of a frame: no more of the message follows. */
export const FIN = 0x80;
/** The first bit of its second byte. */
export const MASKED = 0x80;
/** Stands for a length of 16 bits. */
export const LENGTH_16 = 126;
/** Stands for a length of 64 bits. */
export const LENGTH_64 = 127;
/** The longest payload of a control frame, §5.5. */
export const CONTROL_BYTES_MAX = 125;

/** Reasons for an end, §7.4.1. */
export const NORMAL = 1_000;
export const PROTOCOL_ERROR = 1_002;
export const UNSUPPORTED_DATA = 1_003;
export const TOO_BIG = 1_009;
