import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, inEncoding } from "../../firmware/model/device.js";
import type { Encoding } from "../../firmware/model/document.js";
import { type Broker, startBroker } from "../../scripts/broker/broker.js";
import { type ServerIdentity, serverIdentity, splitPem } from "../../scripts/pki/authority.js";
import { makeFleet } from "../../scripts/start/fleet.js";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import type { Target } from "../../scripts/start/target.js";
import device from "./bench-device.js";

export const OWNER_PASSWORD = "owner-password-of-the-test";
export const DEVICE_PASSWORD = "device-password-of-the-test";

/** A folder that goes away with the test. */
export class Scratch {
	readonly folder = mkdtempSync(join(tmpdir(), "farpin-test-"));

	path(name: string): string {
		return join(this.folder, name);
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}

/** Our own broker on any free port, with certificates of its own. */
export interface OwnBroker {
	readonly broker: Broker;
	readonly identity: ServerIdentity;
	readonly target: Target;
}

export async function ownBroker(scratch: Scratch, names: readonly string[] = ["localhost"]): Promise<OwnBroker> {
	const identity = await serverIdentity(scratch.path("pki"), names);
	const access = { ownerPassword: OWNER_PASSWORD, devicePassword: DEVICE_PASSWORD, root: "farpin" };
	const broker = await startBroker({ identity, access, port: 0, listen: "127.0.0.1" });
	const roots = splitPem(identity.root);
	const target = { host: "localhost", port: broker.port, roots, username: "owner", password: OWNER_PASSWORD };
	return { broker, identity, target };
}

/** The test's device, or another one, on the computer's board, not started yet. */
export function oneDevice(
	scratch: Scratch,
	target: Target,
	{
		of = device as Device,
		id = "bench",
		name = "",
		own = true,
		encoding = undefined as Encoding | undefined,
		folder = scratch.path(id),
		onChange = (): void => undefined,
	} = {},
): SimulatedDevice {
	const [made] = makeFleet({
		device: inEncoding({ ...of, name: name || of.name }, encoding ?? of.encoding),
		count: 1,
		id,
		target,
		devicePassword: own ? DEVICE_PASSWORD : undefined,
		folder,
		onLog: () => undefined,
		onChange,
	});
	if (made === undefined) throw new Error("there is no device");
	return made;
}
