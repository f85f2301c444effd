import type { LightDefinition, LightOutput } from "../../model/actuators.js";
import type { Part } from "../../model/device.js";
import type { JsonValue } from "../../model/document.js";
import { type Context, type Entity, quote, refusal } from "./entity.js";

const BRIGHTNESS_MAX = 100; // percent
const BLINKS = 10; // half periods of an identification
const BLINK_MS = 500;
const WORDS = 'ON, OFF, TOGGLE, a brightness from 0 to 100, or {"state":"ON","brightness":40}';

/** A dimmable light. The brightness is kept while it is off. */
export class LightEntity implements Entity {
	dueMs = Number.POSITIVE_INFINITY;
	private readonly context: Context;
	private readonly part: Part;
	private readonly output: LightOutput;
	private on = false;
	private brightness = BRIGHTNESS_MAX;
	private blinksLeft = 0;

	constructor(context: Context, part: Part, definition: LightDefinition) {
		this.context = context;
		this.part = part;
		this.output = definition.open(context.board.hardware);
	}

	get busy(): boolean {
		return this.on;
	}

	stateText(): string {
		return `{"state":"${this.on ? "ON" : "OFF"}","brightness":${this.brightness}}`;
	}

	check(value: JsonValue): string | undefined {
		if (typeof value === "number") return isBrightness(value) ? undefined : refusal(WORDS);
		if (!(value instanceof Map)) return isSwitching(value) ? undefined : refusal(WORDS);
		const known = (value.has("state") ? 1 : 0) + (value.has("brightness") ? 1 : 0);
		const state = value.get("state");
		const brightness = value.get("brightness");
		const fine = (state === undefined || isSwitching(state)) && (brightness === undefined || isBrightness(brightness));
		return fine && known > 0 && known === value.size ? undefined : refusal(WORDS);
	}

	set(value: JsonValue, why: string): void {
		if (value instanceof Map) this.apply(value.get("state") ?? "ON", value.get("brightness") ?? this.brightness, why);
		else if (typeof value === "number") this.apply("ON", value, why);
		else this.apply(value, this.brightness, why);
	}

	act(action: "on" | "off" | "toggle", why: string): void {
		this.show(action === "toggle" ? !this.on : action === "on", this.brightness, why);
	}

	identify(nowMs: number): void {
		this.blinksLeft = BLINKS;
		this.run(nowMs);
	}

	/** One half period of the blinking of `identify`; at its end the light is what it was. */
	run(nowMs: number): void {
		if (this.blinksLeft === 0) {
			this.dueMs = Number.POSITIVE_INFINITY;
			this.output.write(levelOf(this.on, this.brightness));
			return;
		}
		this.output.write(this.blinksLeft % 2);
		this.blinksLeft--;
		this.dueMs = nowMs + BLINK_MS;
	}

	close(): void {
		try {
			this.output.write(0);
		} finally {
			this.output.close();
		}
	}

	/** Brightness 0 switches off and keeps the brightness for the next ON. */
	private apply(state: JsonValue, brightness: JsonValue, why: string): void {
		const percent = Math.round(brightness as number);
		const on = state === "TOGGLE" ? !this.on : state === "ON" || state === true;
		this.show(on && percent > 0, percent === 0 ? this.brightness : percent, why);
	}

	private show(on: boolean, brightness: number, why: string): void {
		const changed = on !== this.on || brightness !== this.brightness;
		this.output.write(levelOf(on, brightness)); // a light that fails has not changed
		this.on = on;
		this.brightness = brightness;
		this.blinksLeft = 0;
		if (!changed) return;
		this.context.stateChanged(this.part.stateIndex);
		this.context.event(this.part.id, "changed", `,"to":${this.stateText()},"why":${quote(why)}`);
	}
}

function levelOf(on: boolean, brightness: number): number {
	return on ? brightness / BRIGHTNESS_MAX : 0;
}

function isSwitching(value: JsonValue): boolean {
	return value === "ON" || value === "OFF" || value === "TOGGLE" || typeof value === "boolean";
}

function isBrightness(value: JsonValue): boolean {
	return typeof value === "number" && value >= 0 && value <= BRIGHTNESS_MAX;
}
