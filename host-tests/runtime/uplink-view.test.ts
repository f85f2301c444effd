import { beforeEach, describe, expect, it } from "vitest";
import reference from "../../firmware/device.js";
import type {
	Cloud,
	CloudBridge,
	CloudCommand,
	CloudMessage,
	CloudOutlet,
	CloudOwner,
	CloudUplink,
} from "../../firmware/model/cloud.js";
import { DeviceRig } from "./rig.js";

/** Puts everything below `cloud/`, and takes commands from there. */
class Below implements CloudBridge {
	readonly happened: string[] = [];
	dueMs = Number.POSITIVE_INFINITY;
	readonly uplink: CloudUplink;
	private readonly owner: CloudOwner;
	private readonly session: CloudOutlet;

	constructor(owner: CloudOwner, session: CloudOutlet, uplink: CloudUplink) {
		this.owner = owner;
		this.session = session;
		this.uplink = uplink;
	}

	publish(...[topic, ...rest]: Parameters<CloudOutlet["publish"]>): boolean {
		return this.session.publish(`cloud/${topic}`, ...rest);
	}

	filters(own: readonly string[]): readonly string[] {
		return own.map((filter) => `cloud/${filter}`);
	}

	run(): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		this.happened.push("run");
	}

	begin(): void {
		this.happened.push("begin");
	}

	end(): void {
		this.happened.push("end");
	}

	wake(): void {}

	onMessage({ topic, payload, retain }: CloudMessage): void {
		const more = { qos: 1, duplicate: false, responseTopic: "$cloud", correlationData: undefined } as const;
		const command: CloudCommand = { topic, payload, retain, ...more };
		this.owner.onCommand(topic.replace("cloud/farpin/greenhouse/", ""), command);
	}

	onResult(payload: string, { topic }: CloudMessage): void {
		this.happened.push(`${topic} ${payload}`);
	}
}

let bridge: Below;
let rig: DeviceRig;
beforeEach(() => {
	const cloud: Cloud = {
		name: "test",
		check: () => [],
		checkBroker: () => [],
		bridge: (...all) => {
			bridge = new Below(...all);
			return bridge;
		},
	};
	rig = new DeviceRig({ device: { ...reference, cloud } });
	rig.start(15_000);
});

const texts = (topic: string) => rig.texts(`cloud/farpin/greenhouse/${topic}`);

describe("a device whose cloud has other topics", () => {
	it("publishes everything through the bridge, and nothing beside it", () => {
		expect(texts("status")).toEqual(["online"]);
		expect(texts("telemetry").length).toBeGreaterThan(0);
		expect(rig.seen.filter(({ topic }) => !topic.startsWith("cloud/"))).toEqual([]);
		rig.running?.stop();
		rig.advance(100);
		expect(texts("status")).toEqual(["online", "offline"]);
	});

	it("hears what comes there, and the bridge hears what became of it", () => {
		rig.broker.publish("cloud/farpin/greenhouse/target/set", "22", { qos: 1 });
		rig.advance(500);
		expect(texts("target/state").at(-1)).toBe("22");
		expect(bridge.happened).toContain('cloud/farpin/greenhouse/target/set {"entity":"target","outcome":"applied"}');
	});

	it("runs the bridge when it is due, and tells it of connections", () => {
		bridge.dueMs = 0;
		rig.publish("nothing", "");
		rig.press("key");
		rig.broker.disconnect();
		rig.advance(60_000);
		expect(bridge.happened.filter((what) => what !== "end")).toEqual(["begin", "run", "begin"]);
		expect(bridge.happened).toContain("end");
	});

	it("makes its connection anew when the bridge wants that, at once and without a failure", () => {
		bridge.uplink.link.renew();
		rig.advance(1_000);
		expect(rig.running?.link).toMatchObject({ state: "online", connects: 2, failures: 0 });
	});
});

it("a device without one takes no memory for it", () => {
	const plain = new DeviceRig().start();
	const { uplink } = plain.running as unknown as { uplink: object };
	expect(Object.keys(uplink)).not.toContain("cloud");
});
