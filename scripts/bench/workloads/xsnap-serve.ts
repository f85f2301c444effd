import { nativeText } from "../../../firmware/board/text.js";
import type { Client, Task } from "./names.js";
import type { Engine, Workload } from "./workload.js";

/** What this XS gives its programs. */
interface Native {
	readonly TextEncoder: new () => { encode(text: string): Uint8Array };
	readonly TextDecoder: new (label: string, options: object) => { decode(bytes: Uint8Array): string };
	handleCommand: (command: ArrayBuffer) => { result?: ArrayBuffer };
	gc(): void;
}

export type Clients = Readonly<Partial<Record<Client, new (engine: Engine, task: Task) => Workload>>>;

const native = globalThis as unknown as Native;

/** Takes commands from outside: `open <client> <task>`, `step <count>`, `collect`. */
export function serve(clients: Clients): void {
	const engine = makeEngine();
	let workload: Workload | undefined;
	let done = 0;
	native.handleCommand = (command) => {
		const bytes = new Uint8Array(command);
		const [verb, first = "", second = ""] = engine.textOf(bytes, 0, bytes.length).split(" ");
		if (verb === "collect") native.gc();
		else if (verb === "open") {
			const Opened = clients[first as Client];
			if (Opened === undefined) throw new Error(`${first}?`);
			workload = new Opened(engine, second as Task);
		} else for (let left = Number(first); left > 0; left--) workload?.step(done++);
		return {};
	};
}

function makeEngine(): Engine {
	const encoder = new native.TextEncoder();
	const decoder = new native.TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
	let ms = 0;
	return {
		text: {
			encode: (text) => encoder.encode(text),
			write: nativeText.write, // a device's own; the rest of it needs what only the SDK's XS has
			decode: (bytes, start, end) => decoder.decode(bytes.subarray(start, end)),
		},
		clock: { monotonicMs: () => ms++, wallMs: () => Date.now(), setWallMs: () => undefined },
		bytesOf: (text) => encoder.encode(text),
		textOf: (bytes, from, to) => decoder.decode(bytes.subarray(from, to)),
	};
}
