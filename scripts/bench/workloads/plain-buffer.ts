import { Buffer as Small } from "../../../firmware/mqtt/standins/buffer.js";
import { currentText } from "../../../firmware/mqtt/standins/text.js";

/** Our stand-in for Node's Buffer, with the two methods more that `generate` calls. */
export class Buffer extends Small {
	static override alloc(size: number): Buffer {
		return new Buffer(size);
	}

	static override allocUnsafe(size: number): Buffer {
		return new Buffer(size);
	}

	copy(target: Buffer, at: number): number {
		target.set(this, at);
		return this.length;
	}

	write(text: string, at: number): number {
		return currentText().write(text, this, at);
	}
}
