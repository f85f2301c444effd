import "system";
import type { ResolveHandler } from "../ports/network.js";
import { enter } from "./entry.js";
import { type Later, soon } from "./soon.js";

/** Looks up the IPv4 address of `host` with the platform's own resolver. The handler is never called from within. */
export function resolve(host: string, handler: ResolveHandler): void {
	if (isAddress(host)) {
		answerSoon(host, host, handler);
		return;
	}
	try {
		System.resolve(host, (_host, address) => {
			// The resolver may know only an IPv6 address, which the sockets here do not take.
			const usable = address !== undefined && isAddress(address) ? address : undefined;
			enter("name look-up", handler, handler.onResolved, host, usable);
		});
	} catch {
		answerSoon(host, undefined, handler);
	}
}

function answerSoon(host: string, address: string | undefined, handler: ResolveHandler): void {
	const later: Later = {
		happen() {
			enter("name look-up", handler, handler.onResolved, host, address);
		},
	};
	soon(later);
}

/** Whether `host` is an IPv4 address in dotted form. */
export function isAddress(host: string): boolean {
	let parts = 0;
	for (const part of host.split(".")) {
		const value = Number(part);
		if (part === "" || part.length > 3 || !(value >= 0 && value <= 255 && Number.isInteger(value))) return false;
		parts++;
	}
	return parts === 4;
}
