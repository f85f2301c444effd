import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverIdentity, splitPem } from "../../scripts/pki/authority.js";
import { brokerFault } from "../../scripts/start/broker-fault.js";
import type { Target } from "../../scripts/start/target.js";
import { connected } from "../../scripts/trust/send.js";
import { watch } from "../../scripts/trust/watch.js";
import { type OwnBroker, ownBroker, Scratch } from "./rig.js";

const scratch = new Scratch();
let own: OwnBroker;
beforeAll(async () => {
	own = await ownBroker(scratch);
});
afterAll(async () => {
	await own.broker.close();
	scratch.remove();
});

const wrong = (change: Partial<Target>): Promise<unknown> => connected({ ...own.target, ...change });

test("a broker that refuses, is away or shows the wrong certificate is told in a sentence, and with nothing to wait for", async () => {
	const nobody = createServer();
	await new Promise<void>((listening) => nobody.listen(0, "127.0.0.1", listening));
	const { port } = nobody.address() as { port: number };
	await new Promise((closed) => nobody.close(closed));
	const other = splitPem((await serverIdentity(scratch.path("other"), ["localhost"])).root);
	await expect(wrong({ password: "guessed" })).rejects.toThrow(
		/^the broker at localhost, port \d+: it refused the connection: the user name or password is wrong; see --broker$/,
	);
	await expect(wrong({ port })).rejects.toThrow(/: nobody listens there \(connection refused\); see --broker, and/);
	await expect(wrong({ roots: other })).rejects.toThrow(
		/: TLS refused: its certificate comes from nobody who is trusted here; see --broker and --ca$/,
	);
	await expect(wrong({ host: "127.0.0.1" })).rejects.toThrow(/: TLS refused: its certificate is for another name; see/);
	// Also for the command that otherwise never ends.
	await expect(watch({ ...own.target, password: "guessed" }, "farpin/#", [])).rejects.toThrow(/password is wrong/);
}, 30_000);

test("knows what other brokers and the name service say", () => {
	const why = (code: string | number) =>
		brokerFault({ host: "h", port: 1 }, Object.assign(new Error("x"), { code })).why;
	expect(why(5)).toBe("it refused the connection: user name, password or client id is wrong, or has no permission");
	expect(why("ENOTFOUND")).toBe("there is no such name");
	expect(why("CERT_HAS_EXPIRED")).toBe("TLS refused: its certificate has expired");
	expect(why("SOMETHING")).toBe("x");
});
