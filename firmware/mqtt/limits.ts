import type { Properties } from "./packet.js";

/** What the server allows (MQTT 5 §3.2.2.3); a 3.1.1 server allows everything. */
export class ServerLimits {
	receiveMaximum = 65_535;
	maximumQos = 2;
	retainAvailable = true;
	/** Largest packet it takes, in bytes with its fixed header. */
	maximumPacketBytes = Number.POSITIVE_INFINITY;
	/** The keep-alive it asks for, or -1 when it leaves that to us. */
	keepAliveS = -1;

	/** Takes over what a CONNACK says; what it does not say is the specification's default. */
	read(properties: Properties | undefined): void {
		this.receiveMaximum = properties?.receiveMaximum ?? 65_535;
		this.maximumQos = properties?.maximumQoS ?? 2;
		this.retainAvailable = properties?.retainAvailable ?? true;
		this.maximumPacketBytes = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
		this.keepAliveS = properties?.serverKeepAlive ?? -1;
	}
}
