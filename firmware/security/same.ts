/**
 * Whether two secrets are the same. Takes as long for a wrong first byte as for a wrong last one, so that nobody can find
 * out a right one byte by byte; how long they are is no secret.
 */
export function sameSecret(one: Uint8Array, other: Uint8Array): boolean {
	if (one.length !== other.length) return false;
	let difference = 0;
	for (let at = 0; at < one.length; at++) difference |= (one[at] as number) ^ (other[at] as number);
	return difference === 0;
}
