/** What one user of the broker may do, as topics and filters below which nothing else is allowed. */
export interface Permissions {
	readonly publish: readonly string[];
	readonly subscribe: readonly string[];
}

/** Topics below `<root>/<device>/` that a device publishes to, and those of the commands that it takes. */
const FROM_DEVICE = ["status", "about", "+/state", "telemetry", "event", "result", "health", "log", "update"];
const TO_DEVICE = ["+/set", "command", "update", "update/block"];

/**
 * The least that a device needs: it says what it is, measures and did, and takes commands; nothing of another device, and
 * no commands to itself.
 * @param device the device's name, or what the broker puts its name in place of.
 * @param answers where results may go that were asked for elsewhere (MQTT 5 Response Topic), as a filter.
 */
export function devicePermissions(root: string, device: string, answers?: string): Permissions {
	const own = (name: string) => `${root}/${device}/${name}`;
	const publish = FROM_DEVICE.map(own);
	return { publish: answers === undefined ? publish : [...publish, answers], subscribe: TO_DEVICE.map(own) };
}

/** The least that an owner needs: hears every device, and commands it; speaks for none. */
export function ownerPermissions(root: string, answers?: string): Permissions {
	const all = (name: string) => `${root}/+/${name}`;
	const subscribe = FROM_DEVICE.map(all);
	return { publish: TO_DEVICE.map(all), subscribe: answers === undefined ? subscribe : [...subscribe, answers] };
}
