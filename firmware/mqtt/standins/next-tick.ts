/** mqtt-packet asks for this only to uncork a stream that can be corked, and ours cannot. */
export function nextTick(): never {
	throw new Error("mqtt: no stream of ours has cork()");
}
