/** An electrical level: 0 is ground, 1 is the supply. What a level means belongs to the driver. */
export type Level = 0 | 1;
export type Pull = "up" | "down" | "none";

export interface DigitalOutputOptions {
	readonly pin: number;
	/** The first level the pin ever shows. */
	readonly initial: Level;
	readonly openDrain?: boolean;
}

export interface DigitalOutput {
	write(level: Level): void;
	close(): void;
}

export interface DigitalInputOptions {
	readonly pin: number;
	readonly pull: Pull;
}

export interface DigitalInput {
	read(): Level;
	close(): void;
}

export interface EdgeHandler {
	/** The level changed at least once since the last call. Edges may come together in one call: read the level. */
	onEdge(): void;
}

export interface AnalogInputOptions {
	readonly pin: number;
}

export interface AnalogInput {
	/** One conversion, as a fraction of full scale from 0 to 1. Throws when the converter fails. */
	read(): number;
	close(): void;
}

export interface PwmOptions {
	readonly pin: number;
	readonly hz: number;
	/** 8 to 14; the chip's timer tables hold no others. */
	readonly resolutionBits: number;
}

export interface Pwm {
	/** Share of the time that the pin is high, 0 to 1. Starts at 0. */
	write(duty: number): void;
	close(): void;
}
