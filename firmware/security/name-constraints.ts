import { context, DerReader, SEQUENCE } from "./der.js";
import { someName } from "./extensions.js";
import { sameFrom } from "./host-name.js";
import { Refused } from "./refused.js";

const PERMITTED = context(0, true); // RFC 5280 §4.2.1.10
const EXCLUDED = context(1, true);
const DOT = 0x2e;
const STAR = 0x2a;
/** Comparisons of one name with one limit: a real list of names below a real list of limits takes some hundred. */
const COMPARISONS_MAX = 4_096;

/**
 * Whether every DNS name and IP address in `names` is allowed by an authority's nameConstraints (RFC 5280 §4.2.1.10 and
 * §6.1.4 g). Other kinds of names are never used here, so what is said of them does not matter. Throws `Refused` for lists
 * that take too long to compare.
 */
export function isAllowed(constraints: DerReader, names: DerReader | undefined): boolean {
	return names === undefined || new Comparison(constraints).allows(names);
}

class Comparison {
	private left = COMPARISONS_MAX;
	private readonly permitted: DerReader | undefined;
	private readonly excluded: DerReader | undefined;

	constructor(constraints: DerReader) {
		const list = new DerReader(constraints.bytes, constraints.at, constraints.end);
		this.permitted = list.tag() === PERMITTED ? list.enter(PERMITTED) : undefined;
		this.excluded = list.tag() === EXCLUDED ? list.enter(EXCLUDED) : undefined;
		list.finish();
	}

	allows(names: DerReader): boolean {
		const { permitted, excluded } = this;
		return !someName(names, (isDns, value) => {
			if (excluded !== undefined && this.some(excluded, isDns, (base) => touches(isDns, value, base))) return true;
			if (permitted === undefined || !this.some(permitted, isDns, () => true)) return false; // none of this kind
			return !this.some(permitted, isDns, (base) => isWithin(isDns, value, base));
		});
	}

	/** Whether there is one among the subtrees of this kind. */
	private some(subtrees: DerReader, dns: boolean, visit: (base: Uint8Array) => boolean): boolean {
		const list = new DerReader(subtrees.bytes, subtrees.at, subtrees.end);
		while (list.more) {
			const subtree = list.enter(SEQUENCE);
			if (--this.left < 0)
				throw new Refused("its certificate has more names than can be compared with what is allowed");
			if (someName(subtree, (isDns, base) => isDns === dns && visit(base))) return true;
		}
		return false;
	}
}

/** Whether a name lies in what is excluded, or stands, with a star for its first label, for the name that is excluded. */
function touches(isDns: boolean, value: Uint8Array, base: Uint8Array): boolean {
	if (isWithin(isDns, value, base)) return true;
	const first = base.indexOf(DOT);
	return isDns && value[0] === STAR && first > 0 && sameFrom(value, 1, base, first);
}

function isWithin(isDns: boolean, value: Uint8Array, base: Uint8Array): boolean {
	return isDns ? isBelow(value, base) : isInNetwork(value, base);
}

/** The name itself or any with labels added at its left; an empty base is for all names. */
function isBelow(name: Uint8Array, base: Uint8Array): boolean {
	const start = name.length - base.length;
	if (base.length === 0) return true;
	if (start < 0 || !sameFrom(name, start, base, 0)) return false;
	return start === 0 || base[0] === DOT || name[start - 1] === DOT;
}

/** An address and then a mask of the same length. */
function isInNetwork(address: Uint8Array, network: Uint8Array): boolean {
	const { length } = address;
	if (network.length !== 2 * length) return false;
	for (let i = 0; i < length; i++) {
		const mask = network[length + i] as number;
		if (((address[i] as number) & mask) !== ((network[i] as number) & mask)) return false;
	}
	return true;
}
