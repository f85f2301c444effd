import { hostname, networkInterfaces } from "node:os";

/** Every name under which the broker of this computer is reached: its certificate must carry them all. */
export function serverNames(listen: string): string[] {
	const names = ["localhost", "127.0.0.1", "::1"];
	const host = hostname().toLowerCase();
	if (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host)) names.push(host);
	if (!isLoopback(listen)) names.push(...networkAddresses(), ...(isAny(listen) ? [] : [listen]));
	return [...new Set(names)];
}

/** True when nobody outside this computer can reach the address. */
export function isLoopback(address: string): boolean {
	return address === "localhost" || address === "::1" || address.startsWith("127.");
}

/** True when it stands for all addresses of the computer. */
export function isAny(address: string): boolean {
	return address === "0.0.0.0" || address === "::";
}

/** The addresses at which other machines of the local network reach this one. */
export function networkAddresses(): string[] {
	return Object.values(networkInterfaces())
		.flatMap((all) => all ?? [])
		.filter((one) => !one.internal && one.family === "IPv4") // the firmware speaks IPv4
		.map((one) => one.address);
}
