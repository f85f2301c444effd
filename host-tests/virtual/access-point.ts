/** A network that a board may join. */
export interface AccessPoint {
	readonly name: string;
	inReach: boolean;
	readonly password?: string | undefined;
	/** Why it lets nobody in. */
	refusal?: string | undefined;
	/** Its DHCP server is out of order. */
	addressless?: boolean;
}

/** Why this one cannot be joined, or undefined. */
export function troubleOf(point: AccessPoint | undefined): string | undefined {
	if (point === undefined) return undefined;
	return point.inReach ? point.refusal : `no network ${point.name} in reach`;
}
