import type { Deed } from "./troubles.js";

/** What no command that is carried out ever asks for; those that must not be carried out ask for nothing else. */
export const FORBIDDEN = Object.freeze({ brightness: 77, target: 33 });

const PREFIX = "farpin/greenhouse/";

/** What its owner asks of a device. */
export const OWNER: readonly Deed[] = [
	{
		name: "the owner moves the pump",
		weight: 6,
		run: (life) => void life.rig.publish("pump/set", ["ON", "OFF", "TOGGLE"][life.pick(3)] as string),
	},
	{
		name: "the owner sets several things at once",
		weight: 6,
		run: (life) =>
			void life.rig.command({
				id: `c${life.serial++}`,
				set: { lamp: life.pick(70), target: 5 + life.pick(20), pump: "ON" },
			}),
	},
	{
		name: "the owner's command comes twice",
		weight: 3,
		run(life) {
			const command = { id: `c${life.serial++}`, set: { pump: "TOGGLE" } };
			life.rig.command(command).command(command);
		},
	},
	{
		name: "the owner asks for a report, or for the log",
		weight: 2,
		run: (life) =>
			void life.rig.command([{ do: "report" }, { do: "identify" }, { log: "info" }][life.pick(3)] as object),
	},
	{
		name: "the owner has the device restart",
		weight: 1,
		run: (life) => void life.rig.command({ id: `c${life.serial++}`, do: "restart" }),
	},
];

const bad = { lamp: FORBIDDEN.brightness, target: FORBIDDEN.target, pump: "ON" };

/** What others try, and the owner by mistake. */
export const STRANGERS: readonly Deed[] = [
	{
		name: "a retained command",
		weight: 3,
		run(life) {
			const { board, broker } = life.rig;
			// MQTT 3.1.1 does not tell whoever is online that a message is retained; it tells when it comes again.
			const isTold = broker.clients.get("farpin-greenhouse")?.version !== 4;
			if (!isTold) board.network.cut();
			const retain = { qos: 1, retain: true } as const;
			broker.publish(`${PREFIX}command`, JSON.stringify({ id: `r${life.serial++}`, set: bad }), retain);
			broker.publish(`${PREFIX}lamp/set`, String(FORBIDDEN.brightness), retain);
			broker.publish(`${PREFIX}target/set`, String(FORBIDDEN.target), retain);
			if (!isTold) board.network.restore();
		},
	},
	{
		name: "a command that has expired, or whose date nobody knows",
		weight: 3,
		run: (life) => void life.rig.command({ id: `e${life.serial++}`, set: bad, expires: 1_000 }),
	},
	{
		name: "a command that is wrong in one place",
		weight: 3,
		run(life) {
			const wrong = [
				{ id: `w${life.serial++}`, set: { ...bad, nothing: 1 } },
				{ id: `w${life.serial++}`, set: bad, more: 1 },
				{ id: `w${life.serial++}`, set: { ...bad, pump: "PERHAPS" } },
				{ id: 7, set: bad },
			];
			life.rig.command(wrong[life.pick(wrong.length)] as object);
		},
	},
	{
		name: "noise on every topic",
		weight: 3,
		run(life) {
			const noise = Uint8Array.from({ length: life.pick(600) }, () => life.pick(256));
			for (const topic of ["command", "lamp/set", "target/set", "pump/set", "nobody/set", "key/set"])
				life.rig.publish(topic, noise);
		},
	},
	{
		name: "more than the device takes at once",
		weight: 1,
		run: (life) => void life.rig.publish("command", JSON.stringify({ set: bad, more: "x".repeat(6_000) })),
	},
];
