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

/** The one network that a board was told to join. */
export interface Sought {
	readonly ssid: string;
	readonly password: string | undefined;
}

/** The access point that a board means: the one of this number, or the one that it was told to join. */
export function pointAt(
	points: readonly AccessPoint[],
	choice: number,
	only: Sought | undefined,
): AccessPoint | undefined {
	if (only === undefined) return points[choice];
	const point = points.find(({ name }) => name === only.ssid) ?? { name: only.ssid, inReach: false };
	return only.password === point.password ? point : { ...point, refusal: "the password is wrong" };
}
