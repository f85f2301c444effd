import type { ExpectStatic } from "vitest";
import type { TlsOptions } from "../../../firmware/ports/network.js";
import { CONTENT, GIVEN_UP, SECRET, type Visit } from "../../contracts/visitor.js";
import { type Authorities, HOST, type Peer } from "./peer.js";

/** How a device visits this peer. */
export async function tlsFor({ host = HOST, device }: Peer, authorities: Authorities): Promise<TlsOptions> {
	return { serverName: host, roots: [authorities.root.der], ...(await device?.(authorities)) };
}

/** Whether the visit came out as it must, at both ends; `heardThere` is what an application said to the peer. */
export function judge(expect: ExpectStatic, peer: Peer, reason: string, visit: Visit, heardThere: number): void {
	const { outcome } = peer;
	const good = outcome === "accepted";
	const open = good || outcome === "cut";
	expect(visit.reason).toContain(good ? CONTENT : outcome === "given up" ? GIVEN_UP : reason);
	expect(visit.opened).toBe(open);
	// What is no impostor but breaks off later has heard what was meant for it; nobody else has heard a byte.
	expect(heardThere).toBe(open ? SECRET.length : 0);
	if (!good) expect(visit.heard).toBe(0);
}
