import type { Store } from "../ports/store.js";

const JOB = "upd-job";
const URL = "upd-url";
const SECTORS = "upd-map";
const TRIAL = "upd-trial";
const FLOOR = "upd-floor";
const TRIAL_FIELDS = 6;

/** An update that was ordered. */
export interface Job {
	readonly manifest: string;
	/** Where the image is; empty when it comes in MQTT blocks. */
	readonly url: string;
}

/** A release that was made the one to start next. */
export interface TrialNote {
	readonly version: string;
	readonly issued: number;
	/** How often it was selected. */
	readonly tries: number;
	/** Before that, the boot loader had already given up what was in that slot. */
	readonly wasRejected: boolean;
	/** Parts that did not answer before either. */
	readonly stale: readonly string[];
	/** Why the new firmware gave itself up; empty as long as it has not. */
	readonly why: string;
}

/** What the updater keeps over restarts. Each value is whole, or as before, whenever the power goes. All throw when flash fails. */
export class Notes {
	private readonly store: Store;

	constructor(store: Store) {
		this.store = store;
	}

	get job(): Job | undefined {
		const manifest = this.store.get(JOB);
		return manifest === undefined ? undefined : { manifest, url: this.store.get(URL) ?? "" };
	}

	/**
	 * Notes an order. What is there of the same release counts on; of another, nothing is left at any moment at which the new
	 * one is there.
	 */
	beginJob({ manifest, url }: Job): void {
		if (this.store.get(JOB) !== manifest) this.endJob();
		if (url === "")
			this.store.delete(URL); // an empty value is more than some stores can give back
		else this.put(URL, url);
		this.put(JOB, manifest);
	}

	endJob(): void {
		this.store.delete(JOB);
		this.store.delete(SECTORS);
		this.store.delete(URL);
	}

	/** Which sectors of the job's image are written. */
	get sectors(): string {
		return this.store.get(SECTORS) ?? "";
	}

	set sectors(saved: string) {
		this.put(SECTORS, saved);
	}

	get trial(): TrialNote | undefined {
		const fields = this.store.get(TRIAL)?.split("\n");
		if (fields?.length !== TRIAL_FIELDS) return undefined;
		const [version = "", issued, tries, rejected, stale = "", why = ""] = fields;
		return {
			version,
			issued: Number(issued) || 0,
			tries: Number(tries) || 0,
			wasRejected: rejected === "1",
			stale: stale === "" ? [] : stale.split(","),
			why,
		};
	}

	set trial(note: TrialNote | undefined) {
		if (note === undefined) {
			this.store.delete(TRIAL);
			return;
		}
		const { version, issued, tries, wasRejected, stale, why } = note;
		const line = why.replaceAll("\n", " ").slice(0, 200);
		const names = stale.join(",").slice(0, 400);
		this.put(TRIAL, [version, issued, tries, wasRejected ? 1 : 0, names, line].join("\n"));
	}

	/** When the release was signed that was confirmed or rolled back last, seconds since 1970; 0 for none. */
	get floor(): number {
		return Number(this.store.get(FLOOR)) || 0;
	}

	set floor(issued: number) {
		this.put(FLOOR, String(issued));
	}
	/** What is there already costs no write: an order that comes again and again wears out nothing. */
	private put(key: string, value: string): void {
		if (this.store.get(key) !== value) this.store.set(key, value);
	}
}
