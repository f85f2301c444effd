import RNG from "rng";

/** Fills `into` from the platform's generator, which the chip seeds from its noise. */
export function fillRandom(into: Uint8Array): void {
	into.set(new Uint8Array(RNG.get(into.length)));
}

let state = 0;

/**
 * Fills `into` on a simulator, where the platform's generator gives the same bytes in every run: the time of the run is
 * mixed in, so that two runs differ. Nobody's secret may depend on it.
 */
export function fillRandomWeakly(into: Uint8Array): void {
	fillRandom(into);
	state ||= Date.now() | 1;
	for (let at = 0; at < into.length; at++) {
		// xorshift32: G. Marsaglia, Xorshift RNGs, Journal of Statistical Software 8 (14), 2003
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		into[at] = (into[at] ?? 0) ^ state;
	}
}
