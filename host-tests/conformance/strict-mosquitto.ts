import "../../scripts/pki/reflect.js";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as x509 from "@peculiar/x509";
import type { Scratch } from "../scripts/rig.js";
import { type Issued, type KeyKind, pem, root } from "../security/pki.js";
import { ended, freePort, ready } from "./mosquitto.js";
import { type Authorities, certify, makeAuthorities } from "./peers/peer.js";

/** Files of one device's certificate and key, PEM. */
export interface DeviceFiles {
	readonly certificate: string;
	readonly key: string;
}

/** A Mosquitto that lets in nobody without a certificate, and calls everybody by its name. */
export interface StrictMosquitto {
	readonly port: number;
	/** Path of the root, PEM. */
	readonly ca: string;
	readonly authorities: Authorities;
	readonly lines: readonly string[];
	/** A device's certificate with a key of this kind, by the authority that it knows or by another one. */
	device(name: string, key: KeyKind, known?: boolean): Promise<DeviceFiles>;
	close(): Promise<void>;
}

export async function startStrictMosquitto(program: string, scratch: Scratch): Promise<StrictMosquitto> {
	const authorities = await makeAuthorities();
	const { issuer, root: trusted } = authorities;
	const server = await certify({ by: issuer, names: ["localhost", "127.0.0.1"] });
	const { key, cert } = await pem(server);
	const write = (name: string, text: string): string => {
		writeFileSync(scratch.path(name), text);
		return scratch.path(name);
	};
	const port = await freePort();
	const ca = write("strict-ca.pem", trusted.certificate.toString("pem"));
	const settings = [
		`listener ${port} 127.0.0.1`,
		`cafile ${ca}`,
		`certfile ${write("strict-server.pem", chain(cert, issuer))}`,
		`keyfile ${write("strict-server.key", key)}`,
		"require_certificate true",
		"use_identity_as_username true",
		"persistence false",
		...(process.getuid?.() === 0 ? ["user root"] : []), // it would give its rights up and could not read the key
	];
	const child = spawn(program, ["-v", "-c", write("strict.conf", `${settings.join("\n")}\n`)], {
		stdio: ["ignore", "pipe", "pipe"],
	});
	const lines = await ready(child);
	return {
		port,
		ca,
		authorities,
		lines,
		close: () => ended(child),
		async device(name, kind, known = true) {
			const own = await deviceBy(known ? authorities : undefined, name, kind);
			return { certificate: write(`${name}.pem`, own.cert), key: write(`${name}.key`, own.key) };
		},
	};
}

/** The certificate and key of a device of this name, PEM; by an authority that nobody knows where none is given. */
export async function deviceBy(authorities: Authorities | undefined, name: string, key: KeyKind) {
	const by = authorities?.issuer ?? (await root({ name: "some other root", nowMs: Date.now() }));
	const purposes = [x509.ExtendedKeyUsage.clientAuth];
	const made = await pem(await certify({ name, by, key, names: [], purposes }));
	return { cert: chain(made.cert, by), key: made.key };
}

function chain(cert: string, by: Issued): string {
	return `${cert}\n${by.certificate.toString("pem")}\n`;
}
