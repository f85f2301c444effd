import { beforeEach, describe, expect, it } from "vitest";
import { Session, type SessionHandler } from "../../firmware/mqtt/session.js";
import { VirtualBroker } from "./broker.js";
import { plainText } from "./text.js";
import { World } from "./world.js";

/** A session on a pipe without delay, but never synchronous. */
class Client implements SessionHandler {
	readonly heard: string[] = [];
	readonly session: Session;
	private readonly world: World;

	constructor(world: World, clientId: string, options: object = {}) {
		this.world = world;
		const clock = { monotonicMs: () => world.nowMs, wallMs: () => undefined, setWallMs: () => undefined };
		const base = { clientId, keepAliveS: 60, receiveBytesMax: 512, sendBytesMax: 512, inFlightMax: 4 };
		this.session = new Session({ ...base, ...options }, clock, plainText, this);
	}

	connect(broker: VirtualBroker, version: 4 | 5 = 5): this {
		const { world, session } = this;
		let open = true;
		const peer = broker.accept({
			send: (bytes) => {
				const copy = bytes.slice();
				world.after(1, () => open && session.onData(copy, copy.length));
			},
			close: () => world.after(1, () => open && session.onClose("closed by the broker")),
		});
		const write = (bytes: Uint8Array, count: number) => {
			const copy = bytes.slice(0, count);
			world.after(1, () => peer.onData(copy, count));
			return true;
		};
		const close = () => {
			open = false;
			world.after(2, () => peer.onClose());
		};
		session.open({ write, close }, version);
		session.onOpen();
		return this;
	}

	onOnline() {
		this.heard.push("online");
	}
	onSubscribed(refused: string | undefined) {
		this.heard.push(`subscribed ${refused ?? ""}`.trim());
	}
	onMessage({ topic, payload, qos, retain }: { topic: string; payload: Uint8Array; qos: number; retain: boolean }) {
		this.heard.push(`${topic} ${plainText.decode(payload, 0, payload.length)} q${qos}${retain ? " retained" : ""}`);
	}
	onAcknowledged(token: number, refused: string | undefined) {
		this.heard.push(`acknowledged ${token} ${refused ?? ""}`.trim());
	}
	onRoom() {}
	onEnded({ kind, reason }: { kind: string; reason: string }) {
		this.heard.push(`ended ${kind}: ${reason}`);
	}
}

for (const version of [4, 5] as const)
	describe(`the virtual broker, MQTT ${version === 4 ? "3.1.1" : "5.0"}`, () => {
		let world: World;
		let broker: VirtualBroker;
		let a: Client;
		let b: Client;

		beforeEach(() => {
			world = new World();
			broker = new VirtualBroker(world, plainText);
			a = new Client(world, "a", { will: { topic: "a/status", payload: "gone", qos: 1, retain: true } });
			b = new Client(world, "b");
			a.connect(broker, version);
			b.connect(broker, version);
			world.advance(10);
		});

		it("hands messages on at the lower QoS", () => {
			b.session.subscribe(["room/+"], 1);
			world.advance(10);
			a.session.publish("room/one", "hot", 1, false, 7);
			a.session.publish("room/two", "cold", 0, false, 8);
			a.session.publish("else", "no", 1, false, 9);
			world.advance(10);
			expect(b.heard).toEqual(["online", "subscribed", "room/one hot q1", "room/two cold q0"]);
			expect(a.heard).toEqual(["online", "acknowledged 7", "acknowledged 9"]);
			expect(broker.clients.get("b")?.session.unacknowledged.size).toBe(0);
			expect(broker.violations).toEqual([]);
		});

		it("keeps retained messages, and forgets them for an empty one", () => {
			a.session.publish("t/1", "kept", 1, true, 1);
			a.session.publish("t/2", "lost", 1, true, 2);
			a.session.publish("t/2", "", 1, true, 3);
			world.advance(10);
			b.session.subscribe(["t/#"], 0);
			world.advance(10);
			expect(b.heard).toEqual(["online", "subscribed", "t/1 kept q0 retained"]);
			expect(broker.textOf("t/1")).toBe("kept");
		});

		it("publishes the will of whoever is lost, not of whoever leaves", () => {
			const seen: string[] = [];
			broker.observe("+/status", (message) => seen.push(`${message.from} ${broker.textOf(message)}`));
			a.session.close();
			world.advance(10);
			expect(seen).toEqual([]);
			a.connect(broker, version);
			world.advance(10);
			broker.disconnect("a");
			world.advance(10);
			expect(seen).toEqual(["a gone"]);
			expect(a.heard.at(-1)).toMatch(/^ended network/);
		});

		it("gives up a client that is silent for one and a half keep-alives", () => {
			world.advance(89_000);
			expect(broker.clients.size).toBe(2);
			world.advance(2_000);
			expect(broker.clients.size).toBe(0);
			expect(broker.textOf("a/status")).toBe("gone");
		});

		it("takes a client id over", () => {
			const twin = new Client(world, "a").connect(broker, version);
			world.advance(10);
			expect(twin.heard).toEqual(["online"]);
			const other = "The broker closed the connection: another client connected with the same client id";
			expect(a.heard.at(-1)).toBe(
				version === 5 ? `ended taken: ${other}` : "ended network: The connection was lost: closed by the broker",
			);
		});

		it("hears and does not answer while it is deaf", () => {
			broker.deaf = true;
			a.session.publish("t", "x", 1, false, 1);
			world.advance(100);
			expect(a.heard).toEqual(["online"]);
			expect(broker.log.at(-1)?.packet.cmd).toBe("publish");
		});

		it("keeps acknowledgements back", () => {
			broker.holdAcks = true;
			a.session.publish("t", "x", 1, false, 1);
			world.advance(100);
			expect(a.heard).toEqual(["online"]);
			broker.releaseAcks();
			world.advance(10);
			expect(a.heard).toEqual(["online", "acknowledged 1"]);
		});

		it("refuses connections, users and filters when told to", () => {
			broker.options.user = { name: "u", password: "p" };
			const wrong = new Client(world, "c", { username: "u", password: "q" }).connect(broker, version);
			const right = new Client(world, "d", { username: "u", password: "p" }).connect(broker, version);
			broker.subackCode = (filter) => (filter === "secret" ? 0x80 : undefined);
			a.session.subscribe(["open", "secret"], 1);
			world.advance(10);
			expect(wrong.heard).toEqual([
				"ended credentials: The broker refused the connection: the user name or password is wrong",
			]);
			expect(right.heard).toEqual(["online"]);
			expect(a.heard.at(-1)).toBe("subscribed The broker refused the subscription to secret: it did not say why");
		});

		it("writes down what a client must not do", () => {
			const sent: Uint8Array[] = [];
			const peer = broker.accept({ send: (bytes) => sent.push(bytes.slice()), close: () => undefined });
			peer.onData(Uint8Array.of(0xc0, 0), 2);
			expect(broker.violations).toEqual(["somebody sends pingreq at the wrong time"]);
			expect(sent).toEqual([]);
		});
	});

for (const version of [4, 5] as const)
	describe(`QoS 2 and sessions at the virtual broker, MQTT ${version === 4 ? "3.1.1" : "5.0"}`, () => {
		let world: World;
		let broker: VirtualBroker;
		let a: Client;
		let b: Client;

		beforeEach(() => {
			world = new World();
			broker = new VirtualBroker(world, plainText);
			a = new Client(world, "a", { sessionExpiryS: 100 }).connect(broker, version);
			b = new Client(world, "b", { sessionExpiryS: 100 }).connect(broker, version);
			world.advance(10);
			b.session.subscribe(["t"], 2);
			world.advance(10);
			b.heard.length = 0;
		});

		it("hands a QoS 2 message on once", () => {
			a.session.publish("t", "x", 2, false, 1);
			world.advance(10);
			expect(b.heard).toEqual(["t x q2"]);
			expect(a.heard).toEqual(["online", "acknowledged 1"]);
			expect(broker.sessions.get("a")?.received.size).toBe(0);
			expect(broker.sessions.get("b")?.unacknowledged.size).toBe(0);
			expect(broker.violations).toEqual([]);
		});

		it("keeps what comes for a client that is away, if QoS 1 or 2", () => {
			broker.disconnect("b");
			world.advance(10);
			b.heard.length = 0;
			for (const qos of [0, 1, 2] as const) broker.publish("t", `away ${qos}`, { qos });
			b.connect(broker, version);
			world.advance(10);
			expect(b.heard).toEqual(["online", "t away 1 q1", "t away 2 q2"]);
		});

		it("forgets a session for a client that begins afresh, and in time", () => {
			broker.disconnect("b");
			world.advance(99_000);
			b.connect(broker, version);
			world.advance(10);
			broker.disconnect("b");
			world.advance(100_500);
			expect(broker.sessions.has("b")).toBe(version === 4); // 3.1.1 knows no expiry
			new Client(world, "a").connect(broker, version);
			world.advance(10);
			broker.disconnect("a");
			world.advance(10);
			expect(broker.sessions.has("a")).toBe(false);
		});
	});

it("answers MQTT 5 as an old broker does", () => {
	const world = new World();
	const broker = new VirtualBroker(world, plainText, { versions: [4] });
	const client = new Client(world, "a").connect(broker, 5);
	world.advance(10);
	expect(client.heard[0]).toMatch(/^ended version/);
	client.connect(broker, 4);
	world.advance(10);
	expect(client.heard.at(-1)).toBe("online");
});

it("holds clients to the limits that it announces", () => {
	const world = new World();
	const properties = { receiveMaximum: 1, maximumQoS: 1, retainAvailable: false, maximumPacketSize: 60 };
	const broker = new VirtualBroker(world, plainText, { properties });
	const client = new Client(world, "a").connect(broker, 5);
	world.advance(10);
	expect(client.session.publish("t", "x", 1, true, 1)).toBe(true);
	expect(client.session.publish("t", "y", 1, true, 2)).toBe(false);
	expect(client.session.publish("t", "z".repeat(60), 0, true, 3)).toBe(true);
	client.session.run(world.nowMs);
	world.advance(10);
	expect(client.heard).toEqual([
		"online",
		"acknowledged 3 A message to t is larger than the 60 bytes that can be sent",
		"acknowledged 1",
	]);
	expect(broker.violations).toEqual([]);
	expect(broker.retained.size).toBe(0);
});
