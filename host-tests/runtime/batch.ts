import type { Device } from "../../firmware/model/device.js";
import type { Text } from "../../firmware/ports/text.js";
import type { Samples } from "../../firmware/runtime/samples.js";
import { addSample, beginBatch, documentWriter, endBatch, writeBatch } from "../../firmware/runtime/telemetry.js";

/** Telemetry batches of one device, one after the other. */
export class Batch {
	/** Samples in it. */
	count = 0;
	private readonly device: Device;
	private readonly writer: ReturnType<typeof documentWriter>;

	constructor(device: Device, text: Text) {
		this.device = device;
		this.writer = documentWriter(device, text);
	}

	begin(boot: number, backlog: number): void {
		this.count = 0;
		beginBatch(this.writer, this.device, boot, backlog);
	}

	add(seq: number, timeMs: number | undefined, partIndex: number, numbers: Float64Array, at: number): boolean {
		const added = addSample(this.writer, this.device, seq, timeMs, partIndex, numbers, at);
		if (added) this.count++;
		return added;
	}

	end(): string | Uint8Array {
		endBatch(this.writer, this.count);
		return this.writer.written();
	}

	/** The whole batch at once. */
	fill(samples: Samples, backlog: number): string | Uint8Array {
		this.count = writeBatch(this.writer, this.device, samples, backlog);
		return this.writer.written();
	}
}
