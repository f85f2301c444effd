import { runChecks } from "../contracts/run-checks.js";
import { streamContract } from "../contracts/stream-contract.js";
import { virtualStreams } from "../contracts/virtual-streams.js";
import type { VirtualNetwork } from "./network.js";

const lines: readonly (readonly [string, Partial<VirtualNetwork>])[] = [
	["a good line", {}],
	["no delay at all", { latencyMs: 0 }],
	["one byte at a time", { segmentBytes: 1 }],
	["everything in one read", { segmentBytes: Number.POSITIVE_INFINITY, latencyMs: 100 }],
	["a slow line", { bytesPerSecond: 20_000, latencyMs: 300 }],
	["a small buffer", { sendBufferBytes: 100 }],
];

for (const way of ["tcp", "tls", "ws", "wss"] as const) {
	for (const [name, line] of lines) {
		runChecks(
			`stream contract: virtual ${way}, ${name}`,
			streamContract(() => virtualStreams((network) => Object.assign(network, line), way)),
		);
	}
}
