/* Pins and buses of the SDK; see sdk.d.ts. */

declare module "embedded:io/digital" {
	export default class Digital<T = undefined> {
		static readonly Input: 0;
		static readonly InputPullUp: 1;
		static readonly InputPullDown: 2;
		static readonly Output: 8;
		static readonly OutputOpenDrain: 9;
		static readonly Rising: 1;
		static readonly Falling: 2;
		readonly target: T;
		constructor(options: {
			pin: number;
			mode: number;
			initialValue?: 0 | 1;
			edge?: number;
			target?: T;
			onReadable?: (this: Digital<T>) => void;
		});
		read(): 0 | 1;
		write(level: 0 | 1): void;
		close(): void;
	}
}

declare module "embedded:io/analog" {
	export default class Analog {
		readonly resolution: number;
		constructor(options: { pin: number });
		read(): number | undefined;
		close(): void;
	}
}

declare module "embedded:io/pwm" {
	export default class PWM {
		readonly resolution: number;
		constructor(options: { pin: number; hz: number; resolution: number });
		write(duty: number): void;
		close(): void;
	}
}

declare module "embedded:io/i2c" {
	export default class I2C {
		constructor(options: { data: number; clock: number; address: number; hz: number; timeout?: number });
		/** Returns 1 when nothing was to be written and the chip did not answer. */
		write(bytes: Uint8Array): number | undefined;
		read(into: Uint8Array): number;
		writeRead(bytes: Uint8Array, into: Uint8Array): number;
		close(): void;
	}
}

declare module "embedded:io/serial" {
	export default class Serial<T = undefined> {
		readonly target: T;
		constructor(options: {
			receive?: number;
			transmit?: number;
			port: number;
			baud: number;
			target: T;
			onReadable: (this: Serial<T>) => void;
			onWritable: (this: Serial<T>, room: number) => void;
		});
		/** Takes no more than there is, and returns how much. */
		read(into: Uint8Array): number | undefined;
		write(bytes: Uint8Array): void;
		close(): void;
	}
}
