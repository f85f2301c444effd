import { File } from "file";
import { PlatformClock } from "../../../firmware/board/clock.js";
import { attach } from "../../../firmware/board/entry.js";
import { nativeText } from "../../../firmware/board/text.js";
import { Farpin } from "./farpin.js";
import { Least } from "./least.js";
import type { Client, Task } from "./names.js";
import { None } from "./none.js";
import { Sdk } from "./sdk.js";
import type { Engine, Workload } from "./workload.js";

type Open = new (engine: Engine, task: Task) => Workload;

/** The file at `path` says what is to be done: `<client> <task> <count>`. Tells when it is. */
export function perform(path: string, Plain: Open): void {
	const file = new File(path);
	const [client, task, count] = file.read(String).split(" ");
	file.close();
	const engine = makeEngine();
	attach({
		settle: () => undefined,
		panic: (where, error) => trace(`# failed in ${where}: ${(error as Error).message}\n`),
	});
	try {
		const workload = open(client as Client, task as Task, engine, Plain);
		for (let n = 0; n < Number(count); n++) workload.step(n);
		(globalThis as { kept?: Workload }).kept = workload;
		trace("# done\n");
	} catch (error) {
		trace(`# failed: ${(error as Error).message}\n`);
	}
}

function open(client: Client, task: Task, engine: Engine, Plain: Open): Workload {
	switch (client) {
		case "none":
			return new None(engine, task);
		case "least":
			return new Least(engine, task);
		case "farpin":
			return new Farpin(engine, task);
		case "plain":
			return new Plain(engine, task);
		case "sdk":
			return new Sdk(engine, task);
	}
}

function makeEngine(): Engine {
	return {
		text: nativeText,
		clock: new PlatformClock(),
		bytesOf: (text) => ArrayBuffer.fromString(text),
		textOf: (bytes, from, to) =>
			String.fromArrayBuffer(bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to) as ArrayBuffer),
	};
}
