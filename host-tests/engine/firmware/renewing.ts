import { Digest } from "crypt";
import { loadSettings } from "../../../firmware/board/settings.js";
import { SimulatorBoard } from "../../../firmware/board/simulator.js";
import { type Later, soon } from "../../../firmware/board/soon.js";
import reference from "../../../firmware/device.js";
import type { RunningDigest } from "../../../firmware/ports/slots.js";
import { run } from "../../../firmware/runtime/run.js";
import { updates } from "../../../firmware/update/updates.js";
import { SimulatedHardware } from "../../../manifests/simulator/hardware.js";
import { virtualImage } from "../../virtual/image.js";
import { VirtualSlots } from "../../virtual/slots.js";

// The reference device in the SDK's simulator, renewed from afar: sockets, TLS, cryptography and what is noted are the
// SDK's, the slots lie in memory. A restart begins anew in the same process, as the firmware that then lies in the running
// slot says: its version, the memory that it leaves free, and how long it may take to prove itself, with blanks between.

const ROOM = 0x8000;
const FIRST = "1.0.0 100000 60000\0";

class SdkDigest implements RunningDigest {
	private readonly digest = new Digest("SHA256");

	write(bytes: Uint8Array): void {
		this.digest.write(bytes);
	}

	end(): Uint8Array {
		return new Uint8Array(this.digest.close());
	}
}

const first = Uint8Array.from(FIRST, (character) => character.charCodeAt(0));
const slots = new VirtualSlots(virtualImage(first), () => new SdkDigest(), ROOM);

class SlotBoard extends SimulatorBoard implements Later {
	readonly slots = slots;
	readonly free: number;

	constructor(free: number) {
		super(new SimulatedHardware(reference.parts));
		this.free = free;
	}

	override get target(): string {
		return "esp32";
	}

	override freeBytes(): number {
		return this.free;
	}

	override restart(): void {
		soon(this);
	}

	happen(): void {
		slots.boot();
		start();
	}
}

/** The words of the running image. */
function words(): string[] {
	let text = "";
	for (const code of slots.runningContent ?? []) {
		if (code === 0) break;
		text += String.fromCharCode(code);
	}
	return text.split(" ");
}

function start(): void {
	const [version = "", free, within] = words();
	const board = new SlotBoard(Number(free));
	board.log(`version ${version}`);
	const renewal = updates({ version, steady: 500, within: Number(within) });
	run(board, { ...reference, updates: renewal }, loadSettings());
}

// The simulators' drawing surface, some eighty slots of memory that no chip has.
delete (globalThis as { screen?: unknown }).screen;
start();
