import { expect, test } from "vitest";
import { sealedMessages } from "../../firmware/trust/envelopes.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { hints } from "../../scripts/start/hints.js";
import device from "./bench-device.js";

const target = { host: "localhost", port: 8883, roots: ["root"], username: "owner", password: "s3cret" };
const OURS = {
	target,
	device,
	id: "bench",
	caPath: "/h/ca.pem",
	passwordPath: "/h/p",
	platform: "linux" as const,
	folder: "/h",
};
const THEIRS = { ...OURS, target: { ...target, host: "b.example", username: "me@home" }, passwordPath: undefined };
const TRUSTING = { ...device, signing: signedCommands(), envelope: sealedMessages({ key: "reader" }) };

test("tells how to watch and switch the device, and tells no secret", () => {
	const text = hints(OURS);
	expect(text).toContain(
		'mosquitto_pub --cafile ca.pem -h localhost -p 8883 -u owner -P "$(cat p)" -t farpin/bench/pump/set',
	);
	expect(text).not.toMatch(/PASSWORD|s3cret|npx farpin/);
	expect(hints(THEIRS)).toMatch(/^\(Put the broker's password in place of PASSWORD\.\)/);
});

test("speaks of a password only where there is one", () => {
	expect(hints({ ...THEIRS, target: { ...THEIRS.target, username: undefined } })).not.toContain("PASSWORD");
});

test("names the commands that sign and open, and the broker where they would not find it", () => {
	const ours = hints({ ...OURS, device: TRUSTING });
	expect(ours).toContain("  npx farpin watch bench\n");
	expect(ours).toContain("  npx farpin send bench pump=TOGGLE\n");
	const broker = "--broker mqtts://me%40home:PASSWORD@b.example:8883 --ca ca.pem";
	const theirs = hints({ ...THEIRS, device: TRUSTING });
	expect(theirs).toContain(`  npx farpin watch bench ${broker.replace(/mqtts\S+/, "'$&'")}\n`);
	const plain = { ...THEIRS.target, host: "::1", roots: undefined, username: undefined, webSocketPath: "/mqtt" };
	expect(hints({ ...THEIRS, device: TRUSTING, caPath: undefined, target: plain })).toContain(
		"  npx farpin send bench pump=TOGGLE --broker 'ws://[::1]:8883/mqtt' --insecure-plain\n",
	);
});
