/**
 * The four functions of `Reflect` metadata that @peculiar/x509's dependency injection insists on and does not bring.
 * Import before it.
 */
type Metadata = Map<unknown, unknown>;
type Target = object;

interface MetadataReflect {
	getMetadata?(key: unknown, target: Target): unknown;
	getOwnMetadata?(key: unknown, target: Target): unknown;
	defineMetadata?(key: unknown, value: unknown, target: Target): void;
	metadata?(key: unknown, value: unknown): (target: Target) => void;
}

const kept = new WeakMap<Target, Metadata>();
const reflect = Reflect as MetadataReflect;

function define(key: unknown, value: unknown, target: Target): void {
	const entries = kept.get(target) ?? new Map<unknown, unknown>();
	kept.set(target, entries.set(key, value));
}

function own(key: unknown, target: Target): unknown {
	return kept.get(target)?.get(key);
}

function inherited(key: unknown, target: Target): unknown {
	for (let at: Target | null = target; at !== null; at = Object.getPrototypeOf(at) as Target | null) {
		const value = own(key, at);
		if (value !== undefined) return value;
	}
	return undefined;
}

reflect.getMetadata ??= inherited;
reflect.getOwnMetadata ??= own;
reflect.defineMetadata ??= define;
reflect.metadata ??= (key, value) => (target) => define(key, value, target);
