import type { Task } from "./names.js";
import { COMMANDS, type Engine, obey, Pump, payloadOf, type Workload } from "./workload.js";

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
		const { task } = this;
		if (task === "command" || task === "setting")
			this.payload = obey(COMMANDS[task].replace("c00", `c${n % 100}`), this.pump);
		else this.payload = payloadOf(task, n);
	}
}
