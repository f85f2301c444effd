import { algorithmOf, type Certificate, readCertificate } from "./certificate.js";
import { Refused } from "./refused.js";

/** One that may stand above a server's certificate. */
export interface Candidate {
	readonly certificate: Certificate | undefined;
	readonly fault: string;
}

/** One whose signature will count. */
export function readSigned(der: Uint8Array): Certificate {
	const certificate = readCertificate(der);
	algorithmOf(certificate);
	return certificate;
}

/** What cannot be read among the others may be of no importance: it is left out, and missed where it was needed. */
export function readAll(ders: readonly Uint8Array[], read: (der: Uint8Array) => Certificate): Candidate[] {
	return ders.map((der) => {
		try {
			return { certificate: read(der), fault: "" };
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			return { certificate: undefined, fault: error.message };
		}
	});
}
