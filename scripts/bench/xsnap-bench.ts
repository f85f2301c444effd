import { join } from "node:path";
import { bundleScript } from "../../host-tests/engine/xsnap/bundle.js";
import { XsWorker } from "../../host-tests/engine/xsnap/worker.js";
import { Callgrind } from "./callgrind.js";
import type { Bench, Run } from "./measure.js";
import type { Client, Task } from "./workloads/names.js";

const WORKLOADS = join(import.meta.dirname, "workloads");

/** Where modules of the SDK stand on a device. */
const PLATFORM = {
	"embedded:io/socket/tcp": join(WORKLOADS, "sink-socket.ts"),
	timer: join(WORKLOADS, "no-timer.ts"),
	"text/encoder": join(WORKLOADS, "text-encoder.ts"),
};

/** What mqtt-packet asks for by itself, which is not all that our codec gives it. */
export const PLAIN = { buffer: join(WORKLOADS, "plain-buffer.ts"), "./numbers": "" };

/** XS as it comes with @agoric/xsnap: 64 bits, nothing preloaded, and a heap so large that nothing is collected. */
export class XsnapBench implements Bench {
	readonly name = "XS 13.3 of @agoric/xsnap";
	readonly clients: readonly Client[] = ["none", "least", "farpin", "plain"];
	private readonly program: string;
	private readonly plain: string;

	private constructor(program: string, plain: string) {
		this.program = program;
		this.plain = plain;
	}

	static async open(): Promise<XsnapBench> {
		const program = await bundleScript(join(WORKLOADS, "xsnap-program.ts"), { aliases: PLATFORM });
		const plain = await bundleScript(join(WORKLOADS, "xsnap-plain.ts"), { aliases: { ...PLATFORM, ...PLAIN } });
		return new XsnapBench(program, plain);
	}

	async run(client: Client, task: Task, messages: number, counted: boolean): Promise<Run> {
		const callgrind = counted ? new Callgrind() : undefined;
		const worker = new XsWorker(callgrind?.prefix);
		try {
			await worker.evaluate(client === "plain" ? this.plain : this.program);
			await worker.command("collect");
			const empty = (await worker.command("step 0")).slots;
			await worker.command(`open ${client} ${task}`);
			await worker.command("collect");
			const rest = (await worker.command("step 0")).slots - empty;
			const slots = (await worker.command(`step ${messages}`)).slots;
			await worker.close();
			return {
				instructions: callgrind?.finish(),
				slots,
				chunkBytes: undefined,
				rest: { slots: rest, chunkBytes: undefined },
			};
		} catch (error) {
			await worker.close();
			throw error;
		}
	}
}
