import { type Definition, type Device, defineDevice, type Part } from "../../../firmware/model/device.js";
import type { Trigger } from "../../../firmware/model/rules.js";
import { createEntity } from "../../../firmware/runtime/entities/create.js";
import type { Context, Entity } from "../../../firmware/runtime/entities/entity.js";
import { Scheduler } from "../../../firmware/runtime/scheduler.js";
import { VirtualBoard } from "../../virtual/board.js";

/** One entity on a virtual board, and everything it tells. Its name is `part`. */
export class EntityBench implements Context {
	readonly board: VirtualBoard;
	readonly device: Device;
	readonly entity: Entity;
	/** Numbers of the state topics that changed. */
	readonly states: number[] = [];
	readonly events: Record<string, unknown>[] = [];
	readonly samples: number[][] = [];
	readonly triggers: string[] = [];
	readonly panics: unknown[] = [];
	/** Called for every trigger. */
	onTrigger: (event: string) => void = () => undefined;

	constructor(definition: Definition, board = new VirtualBoard(), buses = { main: { data: 21, clock: 22 } }) {
		this.board = board;
		this.device = defineDevice({ name: "Test", buses, entities: { part: definition } });
		const scheduler = new Scheduler(board, { onPanic: (_, error) => this.panics.push(error) });
		this.entity = createEntity(this, this.device.parts[0] as Part);
		scheduler.add(this.entity);
		scheduler.settle();
	}

	/** As the platform calls: whatever it changed takes effect. */
	call(run: (entity: Entity) => void): this {
		run(this.entity);
		return this.advance(0);
	}

	/** Lets time pass; the scheduler looks at what is due at its beginning. */
	advance(ms: number): this {
		this.settle();
		this.board.world.advance(ms);
		return this;
	}

	stateChanged(stateIndex: number): void {
		this.states.push(stateIndex);
	}

	event(entity: string, event: string, detail: string): void {
		this.events.push(JSON.parse(`{"entity":"${entity}","event":"${event}"${detail}}`) as Record<string, unknown>);
	}

	sample(_: number, values: ArrayLike<number>): void {
		this.samples.push(Array.from(values));
	}

	trigger(key: string, event: Trigger["event"]): void {
		this.triggers.push(`${key} ${event}`);
		this.onTrigger(event);
	}

	private settle(): void {
		this.board.alarm({ onAlarm: () => undefined }).arm(0); // a callback of the platform, after which all is settled
	}
}
