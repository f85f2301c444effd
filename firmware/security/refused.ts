/** Thrown where a certificate or a handshake is not to be trusted; the message is the end of a plain sentence. */
export class Refused extends Error {}
