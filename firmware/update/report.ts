/** What a report may tell beside the state. */
export interface ReportDetail {
	/** The version that it is about. */
	readonly version?: string | undefined;
	readonly reason?: string | undefined;
	/** Sectors that are written. */
	readonly done?: number | undefined;
	/** Sectors that there are. */
	readonly of?: number | undefined;
	/** Numbers of the blocks that are asked for. */
	readonly blocks?: readonly number[] | undefined;
}

const TEXT_MAX = 200; // characters

/** What `update` tells of an update: JSON without its last brace, to which the time is put. */
export function reportOf(state: string, { version, reason, done, of, blocks }: ReportDetail): string {
	const members = [`"state":"${state}"`];
	if (version !== undefined) members.push(`"version":${quoted(version)}`);
	if (done !== undefined) members.push(`"done":${done}`);
	if (of !== undefined) members.push(`"of":${of}`);
	if (blocks !== undefined) members.push(`"blocks":[${blocks.join(",")}]`);
	if (reason !== undefined) members.push(`"reason":${quoted(reason)}`);
	return `{${members.join(",")}`;
}

function quoted(text: string): string {
	return JSON.stringify(text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)} ...` : text);
}
