import { CERTIFICATE_PEERS } from "./certificates.js";
import { GOOD_PEERS } from "./good.js";
import { HANDSHAKE_PEERS } from "./handshakes.js";
import { IDENTITY_PEERS } from "./identities.js";
import { MEDDLERS } from "./meddlers.js";
import type { Peer } from "./peer.js";

/** Every peer that both boards meet: the computer's in `npm test`, and the chip's on the SDK's engine. */
export const PEERS: readonly Peer[] = [
	...GOOD_PEERS,
	...CERTIFICATE_PEERS,
	...HANDSHAKE_PEERS,
	...MEDDLERS,
	...IDENTITY_PEERS,
];
