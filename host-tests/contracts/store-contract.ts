import type { Store } from "../../firmware/ports/store.js";
import { type Check, equal, throws } from "./checks.js";

/** A store that can be looked at as after a restart of its board. */
export interface StoreEnvironment {
	readonly store: Store;
	/** The same flash, seen by the next start of the board. */
	reopen(): Store;
}

/** What every store must do. `make` gives an empty one for each check. */
export function storeContract(make: () => StoreEnvironment): Check[] {
	return [
		{ name: "has nothing at first", run: () => equal(make().store.get("boot"), undefined, "a key never set") },
		{ name: "gives back what was set last", run: () => sets(make()) },
		{ name: "forgets what was deleted", run: () => deletes(make()) },
		{ name: "keeps everything over a restart", run: () => survives(make()) },
		{ name: "keeps any text, up to 1,000 bytes", run: () => texts(make()) },
		{ name: "refuses keys and values beyond its limits, and is none the worse", run: () => refuses(make()) },
		{ name: "takes names of an object's own properties for plain keys", run: () => names(make()) },
	];
}

function sets({ store }: StoreEnvironment): void {
	store.set("a", "1");
	store.set("b", "2");
	store.set("a", "3");
	store.set("empty", "");
	equal([store.get("a"), store.get("b"), store.get("empty")], ["3", "2", ""], "values");
}

function deletes({ store, reopen }: StoreEnvironment): void {
	store.set("a", "1");
	store.set("b", "2");
	store.delete("a");
	store.delete("never-set");
	equal(store.get("a"), undefined, "the deleted value");
	const next = reopen();
	equal(next.get("a"), undefined, "the deleted value after a restart");
	equal(next.get("b"), "2", "the other value");
}

function survives({ store, reopen }: StoreEnvironment): void {
	store.set("boot", "41");
	store.set("boot", "42");
	equal(reopen().get("boot"), "42", "after a restart");
	equal(reopen().get("boot"), "42", "after another");
}

function texts({ store, reopen }: StoreEnvironment): void {
	const values = [
		'{"a":[1,null]}',
		"Grüße, 温度 21 °C \u{1f321}",
		"a\nb\tc\"d'e\\",
		" ",
		"x".repeat(1_000),
		"é".repeat(500),
	];
	for (const [index, value] of values.entries()) store.set(`key-${index}`, value);
	const next = reopen();
	for (const [index, value] of values.entries()) equal(next.get(`key-${index}`), value, `value ${index}`);
}

function refuses({ store, reopen }: StoreEnvironment): void {
	const longest = "exactly-15-char";
	store.set(longest, "kept");
	for (const key of ["", `${longest}s`]) {
		throws(() => store.set(key, "1"), `setting a key of ${key.length} characters`);
	}
	throws(() => store.set(longest, "x".repeat(1_001)), "a value of 1,001 bytes");
	throws(() => store.set(longest, "é".repeat(501)), "a value of 1,002 bytes in 501 characters");
	equal(store.get(longest), "kept", "the value of before");
	equal(reopen().get(longest), "kept", "the value of before, after a restart");
}

function names({ store, reopen }: StoreEnvironment): void {
	const keys = ["constructor", "toString", "__proto__", "hasOwnProperty"];
	for (const key of keys) equal(store.get(key), undefined, key);
	for (const key of keys) store.set(key, key);
	const next = reopen();
	for (const key of keys) equal(next.get(key), key, key);
}
