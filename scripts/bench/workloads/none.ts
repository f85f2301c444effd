import type { Task } from "./names.js";
import { type Engine, obey, Pump, telemetry, type Workload } from "./workload.js";

/** Makes what the task is about and sends nothing: what is left of a figure without this is the client's own. */
export class None implements Workload {
	private readonly task: Task;
	private readonly pump = new Pump();
	/** The last payload, so that making it is not in vain. */
	payload = "";

	constructor(_engine: Engine, task: Task) {
		this.task = task;
	}

	step(n: number): void {
		if (this.task === "command") this.payload = obey(`{"id":"c${n % 100}","set":{"pump":"ON"}}`, this.pump);
		else this.payload = telemetry(n);
	}
}
