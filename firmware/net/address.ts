/** True for an IPv4 address in dotted form, which needs no name look-up. */
export function isIpv4(host: string): boolean {
	const parts = host.split(".");
	if (parts.length !== 4) return false;
	for (const part of parts) {
		if (part.length === 0 || part.length > 3) return false;
		for (const char of part) if (char < "0" || char > "9") return false;
		if (Number(part) > 255) return false;
	}
	return true;
}
