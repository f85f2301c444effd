import { createHash, timingSafeEqual } from "node:crypto";

/** Who may do what at the broker. The owner may do everything; anybody else is a device and named like one. */
export interface Access {
	readonly ownerPassword: string;
	readonly devicePassword: string;
	/** First level of every topic, `farpin` unless set. */
	readonly root: string;
}

export const OWNER = "owner";

/** True when the password belongs to the user. Every user that is not the owner is a device, called by its id. */
export function knows(access: Access, username: string | undefined, password: Uint8Array | undefined): boolean {
	const wanted = username === OWNER ? access.ownerPassword : access.devicePassword;
	const right = sameSecret(password ?? new Uint8Array(0), wanted);
	return right && (username === OWNER || isDeviceId(username));
}

/** True when the user may call itself that: with a device's client id one could throw that device out. */
export function mayBeCalled(username: string | undefined, clientId: string): boolean {
	return username === OWNER || !clientId.startsWith("farpin-") || clientId === `farpin-${username}`;
}

/** True when the user may publish to the topic or subscribe to the filter. */
export function mayUse(access: Access, username: string, topic: string): boolean {
	return username === OWNER || topic.startsWith(`${access.root}/${username}/`);
}

/** Compares in a time that tells nothing about either secret. */
export function sameSecret(given: Uint8Array | string, wanted: string): boolean {
	const digest = (value: Uint8Array | string): Buffer => createHash("sha256").update(value).digest();
	return timingSafeEqual(digest(given), digest(wanted));
}

function isDeviceId(username: string | undefined): boolean {
	return username !== undefined && /^[a-z0-9-]{1,32}$/.test(username);
}
