import type { Crypto } from "../ports/crypto.js";
import { type Candidate, readAll, readSigned } from "./candidates.js";
import { algorithmOf, type Certificate, readCertificate } from "./certificate.js";
import { sameBytes } from "./der.js";
import { dayOf } from "./der-time.js";
import { isNamed } from "./host-name.js";
import { isAllowed } from "./name-constraints.js";
import { Refused } from "./refused.js";
import { isSignedBy } from "./signature.js";

/** Longest chain, and most certificates looked at: public ones have three. */
export const CERTIFICATES_MAX = 8;
/** A signature takes a chip up to half a second. */
const SIGNATURES_MAX = 12;
/** Certificates with the same names make many ways to look at. */
const STEPS_MAX = 32;

/** Whom a server's certificate must convince. */
export interface TrustPolicy {
	/** The name that the certificate must carry. */
	readonly host: string;
	/** Certificates of authorities that are trusted: roots, or intermediates. DER. */
	readonly roots: readonly Uint8Array[];
	/** SHA-256 digests of public keys; when there are any, one must be in the chain (RFC 7469 §2.4). */
	readonly pins: readonly Uint8Array[];
	/** Milliseconds since 1970. */
	readonly nowMs: number;
}

/** A server's certificate that has convinced. */
export interface Trusted {
	readonly leaf: Certificate;
	/** When the first of the certificates that it depends on expires, milliseconds since 1970. */
	readonly untilMs: number;
}

/**
 * Checks the certificates that a server sent, its own first (RFC 5280 §6.1, RFC 5246 §7.4.2). The others may come in any
 * order and number. Signatures are checked from the trusted end on, so that no key is used before it is trusted.
 * Throws `Refused`, with words that begin "its certificate".
 */
export function checkChain(ders: readonly Uint8Array[], policy: TrustPolicy, crypto: Crypto): Trusted {
	const [first, ...others] = ders;
	if (first === undefined) throw new Refused("it sent no certificate");
	checkCount(ders.length);
	const leaf = readLeaf(first);
	checkLeaf(leaf, policy);
	const search = new Search(policy, readAll(others, readSigned), readAll(policy.roots, readCertificate), crypto);
	const path = search.from([leaf]);
	if (path === undefined) throw new Refused(search.failure);
	return { leaf, untilMs: path.reduce((least, { untilMs }) => Math.min(least, untilMs), leaf.untilMs) };
}

/** A server may show so many certificates. Throws `Refused`. */
export function checkCount(certificates: number): void {
	if (certificates > CERTIFICATES_MAX)
		throw new Refused(`it sent ${certificates} certificates, more than anybody needs`);
}

function readLeaf(der: Uint8Array): Certificate {
	try {
		return readSigned(der);
	} catch (error) {
		throw error instanceof Refused ? new Refused(`its certificate ${error.message}`) : error;
	}
}

function checkLeaf({ extensions, fromMs, untilMs }: Certificate, { host, nowMs }: TrustPolicy): void {
	if (nowMs < fromMs) throw new Refused(`its certificate is not valid before ${dayOf(fromMs)}`);
	if (nowMs > untilMs) throw new Refused(`its certificate expired on ${dayOf(untilMs)}`);
	if (!isNamed(extensions.names, host)) throw new Refused(`its certificate is not for "${host}"`);
	if (!extensions.mayServe) throw new Refused("its certificate is not for servers");
	if (!extensions.maySign) throw new Refused("the key of its certificate is not for signing");
}

function namesAllowed(constraints: Certificate["extensions"]["constraints"], below: Path): boolean {
	return constraints === undefined || below.every((one) => isAllowed(constraints, one.extensions.names));
}

const MISFITS = "it sent too many certificates that do not fit together";

type Path = readonly Certificate[];

/** The search for a way from the server's certificate to one that is trusted. */
class Search {
	/** Why nothing was found, as far as it came. */
	failure = "";
	private steps = 0;
	private signatures = 0;
	private depth = 0;
	private readonly policy: TrustPolicy;
	private readonly others: readonly Candidate[];
	private readonly roots: readonly Candidate[];
	private readonly crypto: Crypto;

	constructor(policy: TrustPolicy, others: readonly Candidate[], roots: readonly Candidate[], crypto: Crypto) {
		this.policy = policy;
		this.others = others;
		this.roots = roots;
		this.crypto = crypto;
	}

	/** The way on from the last of `path` to a trusted certificate, or undefined. */
	from(path: Path): Path | undefined {
		const last = path[path.length - 1] as Certificate;
		if (++this.steps > STEPS_MAX) throw new Refused(MISFITS);
		for (const { certificate } of this.roots) {
			if (certificate === undefined) continue;
			if (sameBytes(certificate.der, last.der) && this.holds(path)) return path; // it is trusted itself
			if (!sameBytes(certificate.subject, last.issuer) || !this.mayFollow(certificate, path)) continue;
			const whole = [...path, certificate];
			if (this.holds(whole)) return whole;
		}
		for (const { certificate } of this.others) {
			if (certificate === undefined || path.includes(certificate) || !sameBytes(certificate.subject, last.issuer))
				continue;
			const found = this.mayFollow(certificate, path) ? this.from([...path, certificate]) : undefined;
			if (found !== undefined) return found;
		}
		this.fail(path.length, this.missing(path));
		return undefined;
	}

	/** Whether an authority may stand above `path`: its dates, and what it may do. */
	private mayFollow({ extensions, fromMs, untilMs }: Certificate, path: Path): boolean {
		const { nowMs } = this.policy;
		const between = path.filter((one, i) => i > 0 && !sameBytes(one.subject, one.issuer)).length; // §4.2.1.9
		let fault = "";
		if (nowMs < fromMs) fault = `is not valid before ${dayOf(fromMs)}`;
		else if (nowMs > untilMs) fault = `expired on ${dayOf(untilMs)}`;
		else if (!extensions.isAuthority) fault = "may not issue certificates";
		else if (!extensions.mayIssue) fault = "has a key that is not for issuing certificates";
		else if (!extensions.mayServe) fault = "may not issue certificates for servers";
		else if (between > extensions.pathLength) fault = "does not allow so long a chain below it";
		if (fault !== "") this.fail(path.length + 1, `the authority above its certificate ${fault}`);
		return fault === "";
	}

	/**
	 * Whether every signature of a complete path is right, the trusted end first, each authority may issue for the names
	 * below it, and a pin is met. Names come after signatures: with lists of their own making, strangers would have every
	 * name compared with every other.
	 */
	private holds(path: Path): boolean {
		for (let i = path.length - 2; i >= 0; i--) {
			if (++this.signatures > SIGNATURES_MAX) throw new Refused(MISFITS);
			const one = path[i] as Certificate;
			let right = false;
			try {
				right = isSignedBy((path[i + 1] as Certificate).key, algorithmOf(one), one.signature, one.signed, this.crypto);
			} catch (error) {
				if (!(error instanceof Refused)) throw error;
			}
			if (right) continue;
			this.fail(CERTIFICATES_MAX + 1, "its certificate is forged: a signature on it is wrong");
			return false;
		}
		if (!path.every(({ extensions }, i) => namesAllowed(extensions.constraints, path.slice(0, i)))) {
			this.fail(CERTIFICATES_MAX + 2, "the authority above its certificate may not issue certificates for these names");
			return false;
		}
		if (this.isPinned(path)) return true;
		this.fail(CERTIFICATES_MAX + 3, "its certificate has none of the keys that it must have");
		return false;
	}

	private isPinned(path: Path): boolean {
		const { pins } = this.policy;
		if (pins.length === 0) return true;
		return path.some(({ keyInfo }) => {
			const digest = this.crypto.hash("SHA256", keyInfo);
			return pins.some((pin) => sameBytes(pin, digest));
		});
	}

	private missing(path: Path): string {
		const unreadable = ({ certificate }: Candidate) => certificate === undefined;
		const broken = this.others.find(unreadable);
		if (broken !== undefined) return `a certificate above its own ${broken.fault}`;
		const [first] = this.roots;
		// Of many that are trusted, one that cannot be used says nothing.
		if (first !== undefined && this.roots.every(unreadable)) return `the authority that is trusted here ${first.fault}`;
		const { issuer, subject } = path[path.length - 1] as Certificate;
		if (path.length === 1 && sameBytes(issuer, subject)) return "its certificate is signed by itself, and not trusted";
		return "its certificate comes from nobody who is trusted here";
	}

	/** The failure farthest along is the one that tells the owner most. */
	private fail(depth: number, failure: string): void {
		if (depth <= this.depth) return;
		this.depth = depth;
		this.failure = failure;
	}
}
