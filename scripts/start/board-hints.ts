import { join } from "node:path";
import { isAny, isLoopback, networkAddresses } from "../pki/names.js";

/** What boards on the network need for manifests/settings.json to reach our broker; nothing where they cannot. */
export function boardHints(listen: string, port: number, folder: string, addresses = networkAddresses()): string[] {
	if (isLoopback(listen)) return [];
	const urls = (isAny(listen) ? addresses : [listen]).map((address) => `mqtts://${address}:${port}`);
	if (urls.length === 0) return ["This computer has no address in a network, so boards cannot reach it."];
	return [
		`Boards reach it at ${urls.join(" or ")}. In manifests/settings.json, "user" is what "id" is,`,
		`"password" the text in ${join(folder, "device.password")}, and "ca" is ${join(folder, "ca.pem")}.`,
	];
}
