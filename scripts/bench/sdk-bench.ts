import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, type Firmware, parseMemory, runHeadless, WORK } from "../../host-tests/engine/headless/headless.js";
import { bundleScript } from "../../host-tests/engine/xsnap/bundle.js";
import { Callgrind } from "./callgrind.js";
import type { Bench, Run } from "./measure.js";
import type { Client, Task } from "./workloads/names.js";
import { PLAIN } from "./xsnap-bench.js";

const WORKLOADS = join(import.meta.dirname, "workloads");
const APP = join(WORK, "farpin-bench");
const JOB = join(APP, "job");
const RUN_MS = 900_000;

/** Only the socket is ours: the rest is what a device has. */
const SOCKET = { "embedded:io/socket/tcp": join(WORKLOADS, "sink-socket.ts") };
const FROM_SDK = ["timer", "time", "file", "text/encoder", "embedded:network/mqtt/client"];

/** Room for a few hundred messages before anything is collected, as on a device in proportion. */
const MANIFEST = {
	include: [
		"$(MODDABLE)/examples/manifest_base.json",
		"$(MODDABLE)/modules/files/file/manifest.json",
		"$(MODDABLE)/modules/data/text/encoder/manifest.json",
	],
	modules: {
		main: "./main",
		bench: "./bench",
		plain: "./plain",
		"embedded:network/mqtt/client": "$(MODDABLE)/examples/io/tcp/mqttclient/mqttclient",
	},
	preload: ["bench", "plain", "embedded:network/mqtt/client"],
	creation: {
		chunk: { initial: 1_048_576, incremental: 65_536 },
		heap: { initial: 32_768, incremental: 4_096 },
		stack: 512,
		keys: { initial: 64, incremental: 32 },
	},
};

/** The entry, which is all that is not preloaded. The screen is of the simulators, and no chip has it. */
const MAIN = `import { perform } from "bench";
import { Plain } from "plain";
delete globalThis.screen;
perform(${JSON.stringify(JOB)}, Plain);
`;

/** XS of the SDK, its build for a Linux PC: 64 bits, everything preloaded, the firmware's own UTF-8 and clock. */
export class SdkBench implements Bench {
	readonly name = "XS of the SDK (lin)";
	readonly clients: readonly Client[] = ["none", "least", "farpin", "plain", "sdk"];
	private readonly firmware: Firmware;

	private constructor(firmware: Firmware) {
		this.firmware = firmware;
	}

	static async open(): Promise<SdkBench> {
		mkdirSync(APP, { recursive: true });
		const options = { format: "es", external: FROM_SDK } as const;
		const bench = await bundleScript(join(WORKLOADS, "sdk-program.ts"), { ...options, aliases: SOCKET });
		const plain = await bundleScript(join(WORKLOADS, "plain.ts"), { ...options, aliases: { ...SOCKET, ...PLAIN } });
		writeFileSync(join(APP, "bench.js"), bench);
		writeFileSync(join(APP, "plain.js"), plain);
		writeFileSync(join(APP, "main.js"), MAIN);
		writeFileSync(join(APP, "manifest.json"), JSON.stringify(MANIFEST));
		return new SdkBench(await compile(APP, "lin"));
	}

	async run(client: Client, task: Task, messages: number, counted: boolean): Promise<Run> {
		writeFileSync(JOB, `${client} ${task} ${messages}`);
		const callgrind = counted ? new Callgrind() : undefined;
		const running = await runHeadless(this.firmware, callgrind?.prefix);
		const end = await running.line(/^# (done|failed)/, RUN_MS);
		if (end !== "# done") throw new Error(`${client} at ${task}: ${end}`);
		const { code, error } = await running.stop();
		if (code !== 0) throw new Error(`${client} at ${task} ended with ${code}: ${error}`);
		const memory = parseMemory(running.lines.find((line) => line.startsWith("# memory")) ?? "");
		return {
			instructions: callgrind?.finish(),
			slots: memory.slotPeak,
			chunkBytes: memory.chunkPeak,
			rest: { slots: memory.slots, chunkBytes: memory.chunkBytes },
		};
	}
}
