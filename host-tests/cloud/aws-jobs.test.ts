import { beforeEach, describe, expect, it } from "vitest";
import { awsIot } from "../../firmware/cloud/aws-iot.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { signOrder } from "../../scripts/trust/sign.js";
import { ellipticKey } from "../trust/owner.js";
import { UpdateRig, URL } from "../update/rig.js";
import type { BrokerMessage } from "../virtual/broker.js";
import { AwsStandIn } from "./aws-stand-in.js";

interface Job {
	readonly document: unknown;
	status: string;
	details: Record<string, string>;
}

const ENDED = ["SUCCEEDED", "FAILED", "REJECTED"];

/** With the jobs of one thing: https://docs.aws.amazon.com/iot/latest/developerguide/jobs-mqtt-api.html */
class AwsWithJobs extends AwsStandIn {
	readonly jobs = new Map<string, Job>();
	/** It loses every status that it is told. */
	forgets = false;
	/** Every status that came, in order. */
	readonly told: string[] = [];

	create(id: string, document: unknown): void {
		this.jobs.set(id, { document, status: "QUEUED", details: {} });
		if (this.next()?.[0] === id) this.say("notify-next", this.execution());
	}

	protected override onReserved(topic: string, message: BrokerMessage): boolean {
		const name = topic.replace(`$aws/things/${this.thing}/jobs/`, "");
		const [id = "", update] = name.split("/");
		const job = this.jobs.get(id);
		if (name === "start-next") {
			const next = this.next()?.[1];
			if (next !== undefined) next.status = "IN_PROGRESS";
			this.say("start-next/accepted", this.execution());
			return true;
		}
		if (job === undefined || update !== "update") return false;
		const { status, statusDetails } = JSON.parse(this.broker.textOf(message) as string);
		this.told.push(`${id} ${status}`);
		if (this.forgets) return true;
		if (ENDED.includes(job.status)) this.broken.push(`${id} ended twice`);
		Object.assign(job, { status, details: statusDetails });
		return true;
	}

	private next(): [string, Job] | undefined {
		const open = [...this.jobs].filter(([, { status }]) => !ENDED.includes(status));
		return open.find(([, { status }]) => status === "IN_PROGRESS") ?? open[0];
	}

	private execution(): object {
		const next = this.next();
		if (next === undefined) return { timestamp: 1_700_000_000 };
		const [jobId, { status, document }] = next;
		const execution = { jobId, status, queuedAt: 1, lastUpdatedAt: 1, versionNumber: 1, executionNumber: 1 };
		return { timestamp: 1_700_000_000, execution: { ...execution, jobDocument: document } };
	}

	private say(name: string, document: object): void {
		this.broker.publish(`$aws/things/${this.thing}/jobs/${name}`, JSON.stringify(document), { qos: 1 });
	}
}

let rig: UpdateRig;
let aws: AwsWithJobs;
const job = (id = "j1") => aws.jobs.get(id) as Job;
beforeEach(() => {
	rig = new UpdateRig();
	rig.cloud = awsIot();
	aws = new AwsWithJobs(rig.broker, "farpin-shed");
});

describe("a job", () => {
	it("renews the device, and succeeds when the new firmware has proved itself", () => {
		rig.start().advance(5_000);
		aws.create("j1", { manifest: rig.manifest(), url: URL });
		rig.reaches("confirmed");
		rig.advance(5_000);
		expect([rig.version, job().status]).toEqual(["1.1.0", "SUCCEEDED"]);
		expect(job().details).toEqual({ state: "confirmed" });
		expect(rig.starts).toEqual(["1.0.0", "1.1.0"]);
		expect(aws.inspect()).toEqual([]);
	});

	it("is told of by a device that writes MessagePack, too", () => {
		rig.encoding = messagePack;
		rig.start().advance(5_000);
		aws.create("j1", { manifest: rig.manifest(), url: URL });
		rig.reaches("confirmed");
		rig.advance(5_000);
		expect(job().status).toBe("SUCCEEDED");
	});

	it("that was made while the device was away is found", () => {
		aws.create("j1", { manifest: rig.manifest() });
		rig.start();
		rig.reaches("confirmed");
		rig.advance(5_000);
		expect(job().status).toBe("SUCCEEDED");
	});

	it("fails when the new firmware does not prove itself, and says why", () => {
		rig.defects.set("1.1.0", { blind: true });
		aws.create("j1", { manifest: rig.manifest(), url: URL });
		rig.start();
		rig.reaches("rolled back", 1_800_000);
		rig.advance(5_000);
		expect([rig.version, job().status]).toEqual(["1.0.0", "FAILED"]);
		expect(job().details.reason).toContain("air");
	});

	it("is carried out by a device that wants signed orders when its document is one, and refused otherwise", () => {
		const owner = ellipticKey("owner");
		rig.signing = signedCommands();
		rig.keys = [owner];
		rig.start().advance(5_000);
		aws.create("j1", { manifest: rig.manifest(), url: URL });
		rig.advance(5_000);
		expect(job()).toMatchObject({ status: "FAILED", details: { reason: expect.stringContaining("it is not signed") } });
		const nowMs = rig.board.clock.wallMs() as number;
		const install = { manifest: rig.manifest(), url: URL };
		aws.create("j2", { order: signOrder(owner, { device: "shed", order: install, nowMs, validS: 3_600 }) });
		rig.reaches("confirmed");
		rig.advance(5_000);
		expect([job("j2").status, rig.version]).toEqual(["SUCCEEDED", "1.1.0"]);
	});

	it("fails when the release is refused", () => {
		rig.start().advance(5_000);
		aws.create("j1", { manifest: rig.manifest({ device: "Barn" }), url: URL });
		rig.advance(5_000);
		expect(job()).toMatchObject({ status: "FAILED", details: { state: "refused" } });
		aws.create("j2", { manifest: rig.manifest(), url: URL });
		rig.reaches("confirmed");
		rig.advance(5_000);
		expect([job("j2").status, rig.version]).toEqual(["SUCCEEDED", "1.1.0"]);
	});

	it("is told of again, and not done again, when AWS did not hear how it ended", () => {
		rig.start().advance(5_000);
		aws.forgets = true;
		aws.create("j1", { manifest: rig.manifest(), url: URL });
		rig.reaches("confirmed");
		rig.advance(5_000);
		expect(job().status).toBe("IN_PROGRESS");
		aws.forgets = false;
		rig.powerCycle().advance(10_000);
		expect(job().status).toBe("SUCCEEDED");
		expect(rig.starts).toEqual(["1.0.0", "1.1.0", "1.1.0"]);
	});

	it("has nothing to do with an order that came another way, and was refused", () => {
		rig.start().advance(5_000);
		rig.files.answer = () => new Uint8Array(); // it is silent
		aws.create("j1", { manifest: rig.manifest(), url: URL });
		rig.advance(2_000).order({ manifest: "nonsense" });
		expect(rig.reaches("refused").state).toBe("refused");
		rig.advance(2_000);
		expect(job().status).toBe("IN_PROGRESS");
	});

	it("goes on when the power goes", () => {
		rig.start().advance(5_000);
		aws.create("j1", { manifest: rig.manifest(), url: URL });
		rig.advance(700).powerCycle();
		rig.reaches("confirmed");
		rig.advance(5_000);
		expect(job().status).toBe("SUCCEEDED");
	});

	it.each([
		["nothing", undefined],
		["a text", "x"],
		["another order", { do: "cancel" }],
		["a signed order that is none", { order: 7 }],
		["a signed order and more", { order: "eyJ", url: "y" }],
		["more than an order", { manifest: "x", url: "y", z: 1 }],
		["a url that is none", { manifest: "x", url: 7 }],
	])("whose document is %s is rejected", (_, document) => {
		rig.start().advance(5_000);
		aws.create("j1", document);
		rig.advance(5_000);
		expect(job().status).toBe("REJECTED");
		expect(rig.slots.operations).toBe(0);
	});

	it.each(["", "../x", "a/b", "#", "é", "x".repeat(65)])("called %j is none", (id) => {
		rig.start().advance(5_000);
		aws.create(id, { manifest: rig.manifest(), url: URL });
		rig.advance(5_000);
		expect(aws.told).toEqual([]);
		expect(aws.inspect()).toEqual([]);
	});
});
