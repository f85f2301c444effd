import { beforeEach, expect, it } from "vitest";
import { Notes, type TrialNote } from "../../firmware/update/notes.js";
import { VirtualStore } from "../virtual/store.js";
import { plainText } from "../virtual/text.js";

const TRIAL: TrialNote = {
	version: "1.1.0",
	issued: 1_800_000_000,
	tries: 2,
	wasRejected: true,
	stale: ["air", "soil"],
	why: "x",
};

let store: VirtualStore;
let notes: Notes;
beforeEach(() => {
	store = new VirtualStore(plainText);
	notes = new Notes(store);
});

it("gives back what it was given, and nothing before", () => {
	expect([notes.job, notes.sectors, notes.trial, notes.floor]).toEqual([undefined, "", undefined, 0]);
	notes.beginJob({ manifest: "a.b.c", url: "https://x/y" });
	notes.sectors = "f8";
	notes.trial = TRIAL;
	notes.floor = 12;
	const later = new Notes(store);
	expect([later.job, later.sectors, later.trial, later.floor]).toEqual([
		{ manifest: "a.b.c", url: "https://x/y" },
		"f8",
		TRIAL,
		12,
	]);
	later.endJob();
	later.trial = undefined;
	expect(store.keys()).toEqual(["upd-floor"]);
});

it("keeps the sectors of the same release, and drops those of another", () => {
	notes.beginJob({ manifest: "a", url: "" });
	notes.sectors = "f";
	notes.beginJob({ manifest: "a", url: "https://x/y" });
	expect([notes.job?.url, notes.sectors]).toEqual(["https://x/y", "f"]);
	notes.beginJob({ manifest: "b", url: "" });
	expect(notes.sectors).toBe("");
	expect([notes.job?.url, store.keys()]).toEqual(["", ["upd-job"]]); // no store is asked to keep nothing
});

it("writes nothing for what it knows already", () => {
	const note = () => {
		notes.beginJob({ manifest: "a", url: "https://x/y" });
		notes.sectors = "f";
		notes.trial = TRIAL;
		notes.floor = 12;
	};
	note();
	const { writes } = store;
	note();
	expect(store.writes).toBe(writes);
});

it("bounds what it is told, and takes nothing that is damaged", () => {
	notes.trial = { ...TRIAL, stale: Array.from({ length: 100 }, () => "a-long-name"), why: "because\nof".repeat(100) };
	expect(notes.trial?.why).toHaveLength(200);
	for (const damaged of ["", "1.1.0", "a\nb\nc", `${"\n".repeat(9)}`]) {
		store.set("upd-trial", damaged);
		expect(notes.trial).toBeUndefined();
	}
	store.set("upd-trial", "1.1.0\nx\ny\nz\n\n");
	expect(notes.trial).toEqual({ version: "1.1.0", issued: 0, tries: 0, wasRejected: false, stale: [], why: "" });
	store.set("upd-floor", "soon");
	expect(notes.floor).toBe(0);
});
