import "../../scripts/pki/reflect.js";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientHello, Flight } from "../security/flight.js";
import { type Issued, issue, NOW_MS, root } from "../security/pki.js";
import { bundleScript } from "./xsnap/bundle.js";
import { whyNoXs, XsWorker } from "./xsnap/worker.js";

/** What a server may cost the device before it has shown that it is the right one; an ordinary one costs 91,000. */
const COMPUTE_MAX = 3_000_000;
/** Of 16 bytes each, garbage included: a chip has 4,928, and some thousand of them are free. */
const SLOTS_MAX = 17_000;
/** Longest list that fits beside the rest into the 12,000 bytes of a handshake. */
const FILL_BYTES = 9_000;

const why = whyNoXs();
const skipped = why === undefined ? "" : ` (skipped: ${why})`;

describe.skipIf(why !== undefined)(`a server that means to stop the device on XS${skipped}`, () => {
	let xs: XsWorker;
	let trusted: Issued;
	let leaf: Issued;
	let between: Issued;

	beforeAll(async () => {
		xs = new XsWorker();
		await xs.evaluate(await bundleScript(join(import.meta.dirname, "xsnap/handshake-program.ts")));
		trusted = await root();
		leaf = await issue({ by: trusted });
		between = await issue({ name: "between", by: trusted, authority: {} });
	});

	afterAll(() => xs?.close());

	async function visit(flight: Flight, signed = false) {
		const visit = {
			hello: hex(clientHello()),
			flight: hex(flight.bytes()),
			root: hex(trusted.der),
			nowMs: NOW_MS,
			signed,
		};
		const { slots } = await xs.evaluate(`prepare(${JSON.stringify(JSON.stringify(visit))}); gc(); ""`);
		const reply = await xs.evaluate("new TextEncoder().encode(visit()).buffer");
		expect(reply.compute).toBeLessThan(COMPUTE_MAX);
		expect(reply.slots - slots).toBeLessThan(SLOTS_MAX);
		return { text: reply.text, compute: reply.compute };
	}

	it("costs little where all is as usual", async () => {
		const usual = await issue({ by: between });
		const { text, compute } = await visit(new Flight().hello().certificates(usual.der, between.der), true);
		expect(text).toBe("it goes on");
		expect(compute).toBeLessThan(100_000);
	});

	it("by thousands of certificates of no bytes", async () => {
		const { text } = await visit(new Flight().hello().certificates(...Array(3_600).fill(new Uint8Array(0))));
		expect(text).toBe("it sent 3600 certificates, more than anybody needs");
	});

	it("by long lists of names below long lists of forbidden ones, signed by nobody", async () => {
		const forbidden = element(0x30, element(0xa1, Array(900).fill([0x30, 3, 0x82, 1, 0x62]).flat()));
		const limits = new x509.Extension("2.5.29.30", true, Uint8Array.from(forbidden));
		const limited = await issue({ name: "between", by: await root(), authority: {}, extra: [limits] });
		const many = [...Array(1_500).fill([0x82, 1, 0x61]).flat(), ...element(0x82, Buffer.from("broker.test"))];
		const names = new x509.Extension("2.5.29.17", false, Uint8Array.from(element(0x30, many)));
		const server = await issue({ by: limited, names: [], extra: [names] });
		const { text } = await visit(new Flight().hello().certificates(server.der, limited.der));
		expect(text).toBe("its certificate is forged: a signature on it is wrong");
	});

	it("by authorities with long names that are all the same", async () => {
		const maze = await Promise.all(Array.from({ length: 7 }, () => root({ name: "x".repeat(500) })));
		const server = await issue({ by: maze[0] as Issued });
		const { text } = await visit(new Flight().hello().certificates(server.der, ...maze.map(({ der }) => der)));
		expect(text).toBe("it sent too many certificates that do not fit together");
	});

	it("by an identifier that fills the message", async () => {
		const { text, compute } = await visit(new Flight().hello().certificates(withLongIdentifier(leaf.der)));
		expect(text).toBe("its certificate cannot be read: an identifier in it is too long");
		expect(compute).toBeLessThan(200_000);
	});

	it("by a number in its signature that fills the message", async () => {
		const number = [0x11, ...Array<number>(FILL_BYTES).fill(0x22)];
		const signature = () => Uint8Array.from(element(0x30, [...element(2, number), 2, 1, 1]));
		const { text, compute } = await visit(new Flight().hello().certificates(leaf.der).keyExchange(signature), true);
		expect(text).toContain("is not signed with the key of its certificate");
		expect(compute).toBeLessThan(200_000);
	});

	it("by asking for a certificate of one of thousands of authorities", async () => {
		const signature = () => Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1);
		const begun = () => new Flight().hello().certificates(leaf.der).keyExchange(signature);
		const none = [FILL_BYTES >> 8, FILL_BYTES & 255, ...Array<number>(FILL_BYTES).fill(0)];
		expect((await visit(begun().message(13, [1, 64, 0, 2, 4, 3, ...none]), true)).text).toContain("more authorities");
		expect((await visit(begun().message(13, [1, 64, ...none, 0, 0]), true)).text).toContain("more authorities");
	});
});

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

/** An element of DER, shorter than 64 KiB. */
function element(tag: number, content: ArrayLike<number>): number[] {
	const { length } = content;
	const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
	return [tag, ...size, ...Array.from(content)];
}

/** The algorithm that a certificate says it is signed with, in both places, replaced by one with a long identifier. */
function withLongIdentifier(der: Uint8Array): Uint8Array {
	const usual = Buffer.from("300a06082a8648ce3d040302", "hex"); // ecdsa-with-SHA256
	const long = element(0x30, element(6, Array<number>(FILL_BYTES / 2).fill(1)));
	const parts = splitAt(Buffer.from(der).subarray(8), usual);
	const [before = Buffer.alloc(0), middle = Buffer.alloc(0), signature = Buffer.alloc(0)] = parts;
	const signed = element(0x30, [...before, ...long, ...middle]);
	return Uint8Array.from(element(0x30, [...signed, ...long, ...signature]));
}

function splitAt(bytes: Buffer, mark: Buffer): Buffer[] {
	const at = bytes.indexOf(mark);
	return at < 0 ? [bytes] : [bytes.subarray(0, at), ...splitAt(bytes.subarray(at + mark.length), mark)];
}
