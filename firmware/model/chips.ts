/** The chips that the firmware is built for. */
export type Chip = "esp32" | "esp32c3" | "esp32s3";

/** What the pins of a chip cannot do. */
export interface ChipPins {
	readonly name: string;
	readonly last: number;
	/** Numbers that no pin has. */
	readonly missing: readonly number[];
	/** Pins that lead to the flash memory: touching one ends the program. */
	readonly flash: readonly number[];
	/** Pins without an output driver and without pull resistors. */
	readonly inputOnly: readonly number[];
	/** First and last pin of ADC1; ADC2 cannot be used while the radio is on. */
	readonly analog: readonly [number, number];
}

export const CHIPS: Readonly<Record<Chip, ChipPins>> = {
	// ESP32 datasheet, sections 2.2 and 2.3; ESP-IDF, GPIO and ADC
	esp32: {
		name: "ESP32",
		last: 39,
		missing: [24, 28, 29, 30, 31],
		flash: [6, 7, 8, 9, 10, 11],
		inputOnly: [34, 35, 36, 37, 38, 39],
		analog: [32, 39],
	},
	// ESP32-C3 datasheet, section 2.3; its errata take ADC2 (pin 5) away
	esp32c3: {
		name: "ESP32-C3",
		last: 21,
		missing: [],
		flash: [12, 13, 14, 15, 16, 17],
		inputOnly: [],
		analog: [0, 4],
	},
	// ESP32-S3 datasheet, section 2.3
	esp32s3: {
		name: "ESP32-S3",
		last: 48,
		missing: [22, 23, 24, 25],
		flash: [26, 27, 28, 29, 30, 31, 32],
		inputOnly: [],
		analog: [1, 10],
	},
};
