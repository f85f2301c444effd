import { X509Certificate } from "node:crypto";
import { readNamed } from "../file-words.js";
import type { Fail } from "./fields.js";

/** The certificates in the PEM file that the setting `name` names, DER. */
export function readRoots(name: string, path: string, fail: Fail): Buffer[] {
	const blocks = readNamed(name, path, fail).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
	if (!blocks) return fail(`${name} names ${path}, which holds no certificate in PEM form`);
	return blocks.map((pem, n) => {
		const certificate = parse(pem, `certificate ${n + 1} in ${path}`, fail);
		if (!certificate.ca)
			fail(`certificate ${n + 1} in ${path} is not one of an authority, and so can vouch for nobody`);
		if (new Date(certificate.validTo) < new Date())
			fail(`certificate ${n + 1} in ${path} expired on ${certificate.validTo}`);
		return certificate.raw;
	});
}

function parse(pem: string, which: string, fail: Fail): X509Certificate {
	try {
		return new X509Certificate(pem);
	} catch (error) {
		return fail(`${which} cannot be read: ${(error as Error).message}`);
	}
}
