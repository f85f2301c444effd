import type { UpdateHost, Updater } from "../model/updates.js";
import { reasonOf } from "../net/mishap.js";
import type { FirmwareSlots } from "../ports/slots.js";
import { admit } from "./admission.js";
import { Installation, type InstallationOwner } from "./installation.js";
import { type Job, Notes } from "./notes.js";
import { takeOrder } from "./order.js";
import type { Release } from "./release.js";
import { type ReportDetail, reportOf } from "./report.js";
import { forgetCrashes, isSafeMode, RETRY_MS, STEADY_MS } from "./safe-mode.js";
import { type HealthContract, Trial } from "./trial.js";
import { verdictOf } from "./verdict.js";

const LOOK_MS = 1_000;
const NEVER = Number.POSITIVE_INFINITY;
const NO_SLOTS = "this board has no second place for firmware: flash it over USB once, with its new partition table";
const SAFE_MODE = "the firmware crashed again and again: nothing runs but MQTT and updates, and outputs are safe";

/**
 * `idle`: nothing to do. `installing`: a release is on its way in. `trial`: this firmware is to prove itself. `leaving`: it
 * did not, and gives itself up. `telling`: it is over, and the broker is still to acknowledge how it ended; until then all
 * of it stays noted.
 */
export type UpdaterState = "idle" | "installing" | "trial" | "leaving" | "telling";

/** Brings new firmware into the device, lets it prove itself, and says how that ended. */
export class DeviceUpdater implements Updater, InstallationOwner {
	state: UpdaterState = "idle";
	readonly host: UpdateHost;
	readonly notes: Notes;
	private readonly version: string;
	private readonly contract: HealthContract;
	private installation: Installation | undefined = undefined;
	private trial: Trial | undefined = undefined;
	private lookMs = 0;
	/** When this start has turned out well, or, in safe mode, is to end. */
	private steadyMs: number;
	private mishap = "";

	constructor(host: UpdateHost, version: string, contract: HealthContract) {
		this.host = host;
		this.version = version;
		this.contract = contract;
		this.notes = new Notes(host.board.store);
		this.steadyMs = host.board.clock.monotonicMs() + (isSafeMode(host.board) ? RETRY_MS : STEADY_MS);
		if (isSafeMode(host.board)) this.tell("safe mode", { reason: SAFE_MODE });
		this.attempt(() => this.begin());
	}

	get dueMs(): number {
		const looks = this.state === "trial" || this.state === "telling";
		return Math.min(looks ? this.lookMs : NEVER, this.steadyMs, this.installation?.dueMs ?? NEVER);
	}

	run(nowMs: number): void {
		if (nowMs >= this.steadyMs) this.endStart();
		this.attempt(() => this.installation?.run(nowMs));
		if (nowMs < this.lookMs) return;
		this.lookMs = nowMs + LOOK_MS;
		if (this.state === "trial") this.attempt(() => this.lookAtTrial(nowMs));
		else if (this.state === "telling") this.attempt(() => this.lookWhetherTold());
	}

	onOrder(payload: Uint8Array, retain: boolean): void {
		try {
			const isProving = this.state === "trial" || this.state === "leaving" || this.installation?.state === "restarting";
			const order = takeOrder(payload, this.host, { retain, isProving, isIdle: this.state === "idle" });
			if (order.kind === "none") return;
			if (order.kind === "install") this.order(order);
			else if (this.installation === undefined) throw new Error("no update is under way");
			else {
				this.end("cancelled", { version: this.installation.release.version });
				this.notes.endJob(); // it must not come back with the power
			}
		} catch (error) {
			this.tell("refused", { reason: reasonOf(error) });
		}
	}

	onBlock(payload: Uint8Array): void {
		this.attempt(() => this.installation?.onBlock(payload));
	}

	stop(): void {
		this.attempt(() => {
			this.installation?.pause();
			if (this.state === "trial") this.trial?.judge(this.host.board.clock.monotonicMs());
			// A device that goes to sleep when its work is done has shown that it can: all but the time is held.
			if (this.state === "trial" && this.trial?.fault === undefined) this.keep();
		});
	}

	get slots(): FirmwareSlots {
		const { slots } = this.host.board;
		if (slots === undefined) throw new Error(NO_SLOTS);
		return slots;
	}

	tell(state: string, detail: ReportDetail): void {
		this.host.report(reportOf(state, detail));
	}

	end(state: string, detail: ReportDetail): void {
		const { installation } = this;
		this.installation = undefined;
		this.state = "telling";
		this.tell(state, detail);
		installation?.pause(); // last, for it may throw where flash fails
	}

	/** What became of the last restart, and what was under way before it. */
	private begin(): void {
		const { slots } = this.host.board;
		if (slots === undefined) return;
		const { trial, job } = this.notes;
		const verdict = verdictOf(trial, slots, this.version);
		if (verdict === "trial") {
			this.trial = new Trial(this.host, this.contract, trial?.stale ?? [], this.host.board.clock.monotonicMs());
			this.state = "trial";
			this.tell("trial", { version: this.version });
		} else if (verdict === "confirmed") this.confirmed();
		else if (verdict === "rolled back") {
			this.notes.floor = trial?.issued ?? 0; // nobody can have it tried over and over again
			this.end("rolled back", { version: trial?.version, reason: trial?.why || "it ended too early" });
		} else if (job !== undefined) this.resume(job);
	}

	private resume(job: Job): void {
		try {
			this.install(admit(job.manifest, this.host, this.slots, this.version, this.notes.floor), job);
		} catch (error) {
			this.end("failed", { reason: reasonOf(error) });
		}
	}

	private order(job: Job): void {
		const release = admit(job.manifest, this.host, this.slots, this.version, this.notes.floor);
		this.installation?.pause();
		if (this.state === "telling") this.notes.endJob();
		this.notes.trial = undefined;
		this.notes.beginJob(job);
		this.install(release, job);
	}

	private install(release: Release, job: Job): void {
		this.installation = new Installation(this, release, job);
		this.state = "installing";
	}

	private lookAtTrial(nowMs: number): void {
		const verdict = this.trial?.judge(nowMs);
		if (verdict === "passed") this.keep();
		else if (verdict === "failed") this.leave(this.trial?.fault ?? "");
	}

	private keep(): void {
		this.slots.confirm();
		this.confirmed();
	}

	private confirmed(): void {
		const { trial } = this.notes;
		if (trial !== undefined) this.notes.floor = trial.issued;
		this.end("confirmed", { version: this.version });
	}

	/** What is not confirmed when it ends, the boot loader gives up. */
	private leave(why: string): void {
		const { trial } = this.notes;
		if (trial !== undefined) this.notes.trial = { ...trial, why };
		this.state = "leaving";
		this.tell("leaving", { version: this.version, reason: why });
		this.host.restart();
	}

	private lookWhetherTold(): void {
		if (!this.host.online || this.host.waiting > 0) return;
		this.notes.endJob();
		this.notes.trial = undefined;
		this.state = "idle";
	}

	private endStart(): void {
		this.steadyMs = NEVER;
		if (isSafeMode(this.host.board)) this.host.restart();
		else this.attempt(() => forgetCrashes(this.host.board));
	}

	/** Nothing here may keep the device from its work. What goes wrong is told once. */
	private attempt(run: () => void): void {
		try {
			run();
		} catch (error) {
			if (reasonOf(error) !== this.mishap) this.tell("trouble", { reason: reasonOf(error) });
			this.mishap = reasonOf(error);
		}
	}
}
