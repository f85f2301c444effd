import type { TlsIdentity, TlsPolicy } from "../ports/network.js";
import type { Text } from "../ports/text.js";
import { Refused } from "./refused.js";
import {
	ITEM_HEAD_BYTES,
	ITEMS_MAX,
	SETTINGS_ITEM,
	type SettingsItems,
	type StoredBroker,
	type StoredWifi,
} from "./settings-items.js";

type Draft<T> = { -readonly [K in keyof T]: T[K] };

const DER_SEQUENCE = 0x30;
const PIN_BYTES = 32;
const SSID_BYTES_MAX = 32; // IEEE 802.11-2020 §9.4.2.2

/** Reads items; all bytes that it returns are copies. Throws `Refused` when anything is not as it should be, and repeats nothing of it. */
export function readItems(body: Uint8Array, text: Text): SettingsItems {
	const reader = new ItemReader(text);
	let count = 0;
	for (let at = 0; at < body.length; ) {
		const start = at + ITEM_HEAD_BYTES;
		const end = start + (((body[at + 1] ?? 0) << 8) | (body[at + 2] ?? 0));
		if (end > body.length || start > body.length) throw new Refused("their last item is cut off");
		if (++count > ITEMS_MAX) throw new Refused(`they have more than ${ITEMS_MAX} items`);
		reader.take(body[at] as number, body.slice(start, end));
		at = end;
	}
	return reader.finish();
}

/** Puts items together. */
class ItemReader {
	private readonly text: Text;
	private readonly settings: Draft<Partial<SettingsItems>> = {};
	private readonly authorities: Uint8Array[] = [];
	private readonly timeServers: string[] = [];
	private readonly keys: string[] = [];
	private readonly networks: Draft<StoredWifi>[] = [];
	private readonly brokers: Draft<StoredBroker>[] = [];

	constructor(text: Text) {
		this.text = text;
	}

	take(item: number, value: Uint8Array): void {
		if (item < SETTINGS_ITEM.mark || item > SETTINGS_ITEM.privateKey)
			throw new Refused("they were made for a newer firmware");
		if (item >= SETTINGS_ITEM.roots) this.takeTls(item, value);
		else if (item >= SETTINGS_ITEM.host) this.takeBroker(item, value);
		else this.takeGeneral(item, value);
	}

	finish(): SettingsItems {
		const [broker, ...otherBrokers] = this.brokers;
		if (broker === undefined) throw new Refused("they name no broker");
		for (const one of this.brokers) checkBroker(one);
		const [timeServer, ...otherTimeServers] = this.timeServers;
		const settings: Draft<SettingsItems> = { ...this.settings, broker };
		// Only what there is: what a device does not use is to cost it nothing.
		if (otherBrokers.length > 0) settings.otherBrokers = otherBrokers;
		if (timeServer !== undefined) settings.timeServer = timeServer;
		if (otherTimeServers.length > 0) settings.otherTimeServers = otherTimeServers;
		if (this.networks.length > 0) settings.wifi = this.networks;
		if (this.keys.length > 0) settings.keys = this.keys;
		return settings;
	}

	private takeGeneral(item: number, value: Uint8Array): void {
		const { settings } = this;
		if (item === SETTINGS_ITEM.mark) return;
		if (item === SETTINGS_ITEM.id) settings.id = this.once(settings.id, value);
		else if (item === SETTINGS_ITEM.root) settings.root = this.once(settings.root, value);
		else if (item === SETTINGS_ITEM.timeServer) this.timeServers.push(this.words(value));
		else if (item === SETTINGS_ITEM.key) this.keys.push(this.words(value));
		else if (item === SETTINGS_ITEM.ssid) this.networks.push({ ssid: this.ssid(value) });
		else if (item === SETTINGS_ITEM.wifiPassword) {
			const network = last(this.networks);
			network.password = this.once(network.password, value);
		} else if (item === SETTINGS_ITEM.authority) this.authorities.push(der(value));
		else settings.releaseRoots = this.numbered(value);
	}

	private takeBroker(item: number, value: Uint8Array): void {
		if (item === SETTINGS_ITEM.host) {
			this.brokers.push({ host: this.words(value), port: 0 });
			return;
		}
		const broker = last(this.brokers);
		if (item === SETTINGS_ITEM.port) broker.port = portOf(value);
		else if (item === SETTINGS_ITEM.user) broker.username = this.once(broker.username, value);
		else if (item === SETTINGS_ITEM.password) broker.password = this.once(broker.password, value);
		else broker.webSocketPath = this.once(broker.webSocketPath, value);
	}

	private takeTls(item: number, value: Uint8Array): void {
		const broker = last(this.brokers);
		if (item === SETTINGS_ITEM.roots) {
			broker.tls = { roots: this.numbered(value) };
			return;
		}
		const tls: Draft<TlsPolicy> | undefined = broker.tls;
		if (tls === undefined) throw new Refused("something of TLS is for a broker without");
		if (item === SETTINGS_ITEM.pin) tls.pins = [...(tls.pins ?? []), pinOf(value)];
		else if (item === SETTINGS_ITEM.protocol) tls.protocol = this.once(tls.protocol, value);
		else if (item === SETTINGS_ITEM.certificate) tls.identity = withCertificate(tls.identity, der(value));
		else tls.identity = withKey(tls.identity, der(value));
	}

	/** The authorities with these numbers. */
	private numbered(value: Uint8Array): Uint8Array[] {
		const found: Uint8Array[] = [];
		for (let i = 0; i < value.length; i++) {
			const authority = this.authorities[value[i] as number];
			if (authority === undefined) throw new Refused("they trust an authority that is not among them");
			found.push(authority);
		}
		if (found.length === 0) throw new Refused("they trust no authority where there must be one");
		return found;
	}

	private once(before: string | undefined, value: Uint8Array): string {
		if (before !== undefined) throw new Refused("something is in them twice");
		return this.words(value);
	}

	private ssid(value: Uint8Array): string {
		if (value.length > SSID_BYTES_MAX) throw new Refused("the name of a network is too long");
		return this.words(value);
	}

	private words(value: Uint8Array): string {
		if (value.length === 0) throw new Refused("something in them is empty");
		try {
			return this.text.decode(value, 0, value.length);
		} catch {
			throw new Refused("something in them is no text");
		}
	}
}

function last<T>(all: readonly T[]): T {
	const one = all[all.length - 1];
	if (one === undefined) throw new Refused("something in them belongs to nothing");
	return one;
}

function der(value: Uint8Array): Uint8Array {
	if (value[0] !== DER_SEQUENCE) throw new Refused("something in them is no certificate or key");
	return value;
}

function portOf(value: Uint8Array): number {
	const port = value.length === 2 ? ((value[0] as number) << 8) | (value[1] as number) : 0;
	if (port === 0) throw new Refused("the port of a broker is none");
	return port;
}

function pinOf(value: Uint8Array): Uint8Array {
	if (value.length !== PIN_BYTES) throw new Refused("a pin is no digest of a key");
	return value;
}

function nobody(): TlsIdentity {
	return { certificates: [], key: new Uint8Array(0) };
}

function withCertificate(identity: TlsIdentity | undefined, certificate: Uint8Array): TlsIdentity {
	const { certificates, key } = identity ?? nobody();
	return { certificates: [...certificates, certificate], key };
}

function withKey(identity: TlsIdentity | undefined, key: Uint8Array): TlsIdentity {
	return { certificates: (identity ?? nobody()).certificates, key };
}

/** What came in pieces is whole. */
function checkBroker({ port, tls }: StoredBroker): void {
	if (port === 0) throw new Refused("a broker has no port");
	const { identity, pins } = tls ?? {};
	if (pins?.length === 1) throw new Refused("there is one pin only");
	if (identity !== undefined && (identity.key.length === 0 || identity.certificates.length === 0))
		throw new Refused("the device has a certificate without its key, or a key without its certificate");
}
