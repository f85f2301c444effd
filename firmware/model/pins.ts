/** What a part does with a pin; `check` finds a pin used twice and a pin that cannot do it. */
export interface PinUse {
	readonly pin: number;
	readonly as: "input" | "output" | "analog";
}
