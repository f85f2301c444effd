import { join } from "node:path";
import { bundleScript } from "./bundle.js";
import type { Report } from "./reference-bench.js";
import { XsWorker } from "./worker.js";

let program: Promise<string> | undefined;

/** The bench of program.ts inside XS, seen from outside. */
export class XsBench {
	private readonly worker: XsWorker;
	/** Slots in use at the end of the last command. */
	slots = 0;

	private constructor(worker: XsWorker) {
		this.worker = worker;
	}

	/** A fresh engine with the program in it. */
	static async open(): Promise<XsBench> {
		program ??= bundleScript(join(import.meta.dirname, "program.ts"));
		const worker = new XsWorker();
		await worker.evaluate(await program);
		return new XsBench(worker);
	}

	/** Performs one command of program.ts; throws what it throws. */
	async perform(line: string): Promise<unknown> {
		const reply = await this.worker.command(line);
		this.slots = reply.slots;
		const { value, error } = JSON.parse(reply.text) as { value: unknown; error?: string };
		if (error !== undefined) throw new Error(`in XS: ${error}`);
		return value;
	}

	async report(): Promise<Report> {
		return (await this.perform("report")) as Report;
	}

	/** Slots alive after a collection. */
	async liveSlots(): Promise<number> {
		await this.perform("collect");
		return this.slots;
	}

	/** What was spent since the program began, in the firmware and around it. */
	async spent(): Promise<{ readonly inside: number; readonly outside: number }> {
		return (await this.perform("spent")) as { inside: number; outside: number };
	}

	close(): Promise<void> {
		return this.worker.close();
	}
}
