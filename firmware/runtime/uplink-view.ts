import type { CloudBridge, CloudOutlet } from "../model/cloud.js";
import type { Device } from "../model/device.js";
import type { Session } from "../mqtt/session.js";
import type { Board } from "../ports/board.js";
import type { Payloads } from "./publisher-needs.js";
import type { UplinkOwner } from "./uplink-owner.js";

/** What the parts of an uplink look up there: most of it is the owner's, and a copy would cost memory. */
export abstract class UplinkView {
	protected readonly owner: UplinkOwner;
	abstract readonly session: Session;
	/** Only there for a device whose cloud has other topics than ours: not even a field for all others. */
	declare cloud?: CloudBridge;

	constructor(owner: UplinkOwner) {
		this.owner = owner;
	}

	get board(): Board {
		return this.owner.board;
	}

	get device(): Device {
		return this.owner.device;
	}

	get boot(): number {
		return this.owner.boot;
	}

	get prefix(): string {
		return this.owner.prefix;
	}

	get payloads(): Payloads {
		return this.owner;
	}

	/** Where everything goes that the device publishes. */
	get outlet(): CloudOutlet {
		return this.cloud ?? this.session;
	}
}
