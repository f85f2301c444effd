import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { messagePack } from "../../firmware/model/message-pack.js";
import { releaseKey } from "../../scripts/release/keys.js";
import { imageOf, UpdateRig, URL } from "./rig.js";

let rig: UpdateRig;
beforeEach(() => {
	rig = new UpdateRig();
	rig.start().advance(5_000);
});

/** Nothing of what was ordered has touched the slots, and nothing of it is kept. */
function expectUntouched(): void {
	expect([rig.slots.operations, rig.version]).toEqual([0, "1.0.0"]);
	expect(rig.board.store.keys().filter((key) => key.startsWith("upd"))).toEqual([]);
}

describe.each([
	["over HTTPS", { url: URL }],
	["in MQTT blocks", {}],
])("an update %s", (_, place) => {
	it("is fetched, checked, started, and kept when it has proved itself", () => {
		rig.order({ manifest: rig.manifest(), ...place });
		rig.reaches("confirmed");
		expect(rig.starts).toEqual(["1.0.0", "1.1.0"]);
		expect(rig.states()).toEqual(["fetching", "restarting", "trial", "confirmed"]);
		rig.advance(5_000).powerCycle().advance(60_000);
		expect([rig.version, rig.slots.onTrial, rig.last()?.state]).toEqual(["1.1.0", false, "confirmed"]);
		expect(rig.board.store.keys().filter((key) => key.startsWith("upd"))).toEqual(["upd-floor"]);
	});

	it("is told of in MessagePack by a device that speaks it, and its own reports move nothing", () => {
		rig = new UpdateRig();
		rig.encoding = messagePack;
		rig.start().advance(5_000);
		rig.order({ manifest: rig.manifest(), ...place });
		rig.reaches("confirmed");
		expect(rig.states()).toEqual(["fetching", "restarting", "trial", "confirmed"]);
	});

	it("goes on where it was when the power went", () => {
		rig.image = imageOf("1.1.0", 14);
		rig.order({ manifest: rig.manifest(), ...place });
		expect(rig.board.world.until(() => rig.slots.bytesWritten > 9 * 4_096, 60_000, 1)).toBe(true);
		rig.powerCycle();
		expect(rig.reaches("fetching").done).toBe(8);
		rig.reaches("confirmed");
		// What was not noted yet was written twice, and the first sector once more when it was selected.
		expect(rig.slots.bytesWritten).toBeLessThanOrEqual(rig.image.length + 6 * 4_096);
	});

	it("goes on when the broker was away", () => {
		rig.image = imageOf("1.1.0", 14);
		rig.order({ manifest: rig.manifest(), ...place });
		expect(rig.board.world.until(() => rig.slots.bytesWritten > 4 * 4_096, 60_000, 1)).toBe(true);
		rig.setBroker(false);
		rig.advance(60_000);
		const before = rig.slots.bytesWritten;
		rig.advance(60_000);
		expect(rig.slots.bytesWritten).toBe(before);
		rig.setBroker(true);
		rig.reaches("confirmed");
		expect(rig.starts).toEqual(["1.0.0", "1.1.0"]);
	});

	it("is not started when it is not what was signed, and can be had again", () => {
		rig.forged = rig.image.slice();
		rig.forged[5_000] = (rig.forged[5_000] as number) ^ 1;
		rig.order({ manifest: rig.manifest(), ...place });
		expect(rig.reaches("failed").reason).toBe("what came is not the image that was signed");
		rig.advance(5_000).powerCycle().advance(30_000);
		expect([rig.version, rig.slots.rejected, rig.slots.onTrial]).toEqual(["1.0.0", false, false]);
		expect(rig.board.store.keys().filter((key) => key.startsWith("upd"))).toEqual([]);
		rig.forged = undefined;
		rig.order({ manifest: rig.manifest(), ...place });
		rig.reaches("confirmed");
	});
});

describe("what is refused before anything is touched", () => {
	const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const strangers = { privateKey: stranger.privateKey, publicKey: releaseKey(stranger.publicKey) };
	it.each([
		["another device's", () => ({ manifest: rig.manifest({ device: "Garage" }) }), /for the device "Garage"/],
		["another chip's", () => ({ manifest: rig.manifest({ target: "esp32" }) }), /for the target esp32/],
		["an older version", () => ({ manifest: rig.manifest({ version: "0.9.9" }) }), /older than 1.0.0/],
		["the same version", () => ({ manifest: rig.manifest({ version: "1.0.0" }) }), /runs here already/],
		["a stranger's", () => ({ manifest: rig.manifest({}, strangers) }), /a key that this device does not know/],
		["a changed one", () => ({ manifest: rig.manifest().replace(/.$/, "!") }), /not Base64url/],
		["one without TLS", () => ({ manifest: rig.manifest(), url: "http://files.test/a" }), /url is none/],
		["an order with more in it", () => ({ manifest: rig.manifest(), force: true }), /nothing else/],
		["an order of nothing", () => ({}), /an order has a manifest/],
		["a cancellation of nothing", () => ({ do: "cancel" }), /no update is under way/],
	])("%s", (_, order, why) => {
		rig.order(order());
		expect(rig.reaches("refused", 5_000).reason).toMatch(why);
		rig.advance(60_000);
		expectUntouched();
	});

	it("a retained order", () => {
		rig = new UpdateRig();
		rig.order({ manifest: rig.manifest() }, true).start();
		expect(rig.reaches("refused", 10_000).reason).toMatch(/retained/);
		expectUntouched();
	});

	it("one that is too large", () => {
		rig.image = imageOf("1.1.0", 17);
		rig.order({ manifest: rig.manifest() });
		expect(rig.reaches("refused", 5_000).reason).toMatch(/more than the 65536/);
		expectUntouched();
	});

	it("anything on a board without a place for it", () => {
		rig = new UpdateRig();
		rig.board.slots = undefined;
		// The rig asks the slots which version runs; the board has none to write to.
		rig.start().advance(5_000);
		rig.order({ manifest: rig.manifest() });
		expect(rig.reaches("refused", 5_000).reason).toMatch(/no second place for firmware/);
	});
});

describe("a release that was confirmed", () => {
	it("cannot be replayed, and neither can one that was signed before it", () => {
		const early = rig.manifest({ version: "1.2.0", issued: 1_800_000_099 });
		const allowed = rig.manifest({ version: "0.1.0", issued: 1_800_000_050, older: true });
		const taken = rig.manifest();
		rig.order({ manifest: taken });
		rig.reaches("confirmed");
		rig.advance(3_000);
		for (const manifest of [early, allowed, taken]) {
			rig.order({ manifest });
			expect(rig.reaches("refused", 5_000).reason).toMatch(/no later than the release that was tried here last/);
		}
	});

	it("gives way to an older version that its maker allows", () => {
		rig.order({ manifest: rig.manifest() });
		rig.reaches("confirmed");
		rig.advance(3_000);
		rig.image = imageOf("1.0.0");
		rig.order({ manifest: rig.manifest({ version: "1.0.0", issued: 1_800_000_200, older: true }) });
		rig.reaches("confirmed");
		expect(rig.starts).toEqual(["1.0.0", "1.1.0", "1.0.0"]);
	});
});

describe("when outputs are at work", () => {
	it("waits until all are in their safe states", () => {
		rig.set("pump", "ON").order({ manifest: rig.manifest() });
		expect(rig.reaches("waiting").reason).toMatch(/^pump not in the safe state/);
		rig.advance(600_000);
		expect(rig.starts).toEqual(["1.0.0"]);
		expect(rig.states().filter((state) => state === "waiting")).toHaveLength(1);
		rig.set("pump", "OFF");
		rig.reaches("confirmed");
	});

	it("can be called off, and stays called off", () => {
		rig.set("pump", "ON").order({ manifest: rig.manifest() });
		rig.reaches("waiting");
		rig.order({ do: "cancel" });
		rig.reaches("cancelled", 5_000);
		rig.set("pump", "OFF").advance(60_000).powerCycle().advance(60_000);
		expect([rig.version, rig.last()?.state]).toEqual(["1.0.0", "cancelled"]);
	});
});

describe("an order that changes", () => {
	it("keeps what is there when the same release comes from elsewhere", () => {
		rig.image = imageOf("1.1.0", 14);
		const manifest = rig.manifest();
		rig.order({ manifest, url: URL });
		expect(rig.board.world.until(() => rig.slots.bytesWritten > 9 * 4_096, 60_000, 1)).toBe(true);
		rig.order({ manifest });
		expect(rig.reaches("fetching", 5_000).done).toBeGreaterThan(8);
		rig.reaches("confirmed");
		expect(rig.slots.bytesWritten).toBeLessThan(rig.image.length + 3 * 4_096);
	});

	it("drops it when another comes", () => {
		rig.image = imageOf("1.1.0", 14);
		rig.order({ manifest: rig.manifest(), url: URL });
		expect(rig.board.world.until(() => rig.slots.bytesWritten > 9 * 4_096, 60_000, 1)).toBe(true);
		rig.image = imageOf("1.2.0", 10);
		rig.order({ manifest: rig.manifest({ version: "1.2.0" }), url: URL }).advance(100);
		expect(rig.reports.find(({ version }) => version === "1.2.0")).toMatchObject({ done: 0, of: 10 });
		rig.reaches("confirmed");
		expect(rig.starts).toEqual(["1.0.0", "1.2.0"]);
	});
});

describe("flash that fails for a while", () => {
	it.each([
		["over HTTPS", { url: URL }],
		["in MQTT blocks", {}],
	])("%s: says so, and goes on when it can", (_, place) => {
		rig.image = imageOf("1.1.0", 14);
		rig.order({ manifest: rig.manifest(), ...place });
		expect(rig.board.world.until(() => rig.slots.bytesWritten > 5 * 4_096, 60_000, 1)).toBe(true);
		rig.slots.broken = true;
		rig.advance(20_000);
		const told = rig.reports.filter(({ reason }) => reason !== undefined);
		expect(told[0]?.reason).toMatch(/^the flash cannot be (erased|written): flash is broken/);
		rig.slots.broken = false;
		rig.reaches("confirmed");
	});

	it("when a whole image is to be selected: the update fails, what runs goes on", () => {
		rig.set("pump", "ON").order({ manifest: rig.manifest() });
		rig.reaches("waiting");
		rig.slots.broken = true;
		rig.set("pump", "OFF");
		expect(rig.reaches("failed", 60_000).reason).toMatch(/does not take the image: flash is broken/);
		rig.slots.broken = false;
		rig.advance(5_000).powerCycle().advance(60_000);
		expect([rig.version, rig.last()?.state]).toEqual(["1.0.0", "failed"]);
	});
});

describe("a server that cannot be used", () => {
	it.each([
		["has no such file", "HTTP/1.1 404 Not Found\r\n\r\n", /there is no such file/],
		["knows no ranges", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", /whole file at once/],
		["sends us elsewhere", "HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n", /elsewhere/],
		["is no web server", "220 mail ready\r\n", /does not speak HTTP/],
	])("%s: says so once, and goes on when it can be", (_, answer, why) => {
		rig.files.answer = () => answer;
		rig.order({ manifest: rig.manifest(), url: URL });
		rig.advance(120_000);
		const told = rig.reports.filter(({ reason }) => reason !== undefined);
		expect(told).toHaveLength(1);
		expect(told[0]?.reason).toMatch(why);
		expect(rig.files.requests.length).toBeGreaterThan(1);
		expect(rig.files.requests.length).toBeLessThan(30);
		rig.files.answer = undefined;
		rig.reaches("confirmed", 1_800_000);
	});

	it("breaks off in the middle: asks again for what is missing", () => {
		rig.files.breaksAfter = 1;
		rig.order({ manifest: rig.manifest(), url: URL });
		rig.reaches("confirmed");
		expect(rig.files.requests.filter((request) => request.includes("bytes=4096-8191"))).toHaveLength(2);
	});

	it("sends no blocks: asks again", () => {
		rig.sendsBlocks = false;
		rig.order({ manifest: rig.manifest() });
		rig.advance(60_000);
		expect(rig.reports.filter(({ blocks }) => blocks?.join() === "0,1,2").length).toBeGreaterThan(1);
		expect(rig.reports.some(({ reason }) => reason === "nobody sends the blocks that were asked for")).toBe(true);
		rig.sendsBlocks = true;
		rig.reaches("confirmed");
	});
});
