import type { Climate, Life } from "./life.js";
import { OWNER, STRANGERS } from "./people.js";

/** Something that happens to a device. */
export interface Deed {
	readonly name: string;
	/** How often it happens, beside the others. */
	readonly weight: number;
	run(life: Life): void;
}

const NETWORK: readonly Deed[] = [
	{
		name: "the access point is gone",
		weight: 4,
		run(life) {
			const { network } = life.rig.board;
			network.cut();
			life.during(900, () => network.restore());
		},
	},
	{
		name: "the line behind the access point is dead",
		weight: 4,
		run(life) {
			const { network } = life.rig.board;
			network.cutSilently();
			life.during(600, () => network.restore());
		},
	},
	{
		name: "the access point throws the device out",
		weight: 2,
		run: (life) => life.rig.board.network.lose("the access point threw this device out"),
	},
	{
		name: "the line is slow and far",
		weight: 3,
		run(life) {
			const { network } = life.rig.board;
			network.latencyMs = 50 + life.pick(1_500);
			network.bytesPerSecond = 200 + life.pick(2_000);
			life.during(600, () => {
				network.latencyMs = 10;
				network.bytesPerSecond = Number.POSITIVE_INFINITY;
			});
		},
	},
	{
		name: "names are not found",
		weight: 2,
		run(life) {
			const { names } = life.rig.board.internet;
			names.delete("broker.test");
			life.during(600, () => names.set("broker.test", "10.0.0.1"));
		},
	},
	{
		name: "datagrams get lost, and the time server is mad",
		weight: 2,
		run(life) {
			const { network } = life.rig.board;
			network.datagramLoss = 0.7;
			life.rig.time.stratum = 0;
			life.during(900, () => {
				network.datagramLoss = 0;
				life.rig.time.stratum = 2;
			});
		},
	},
];

const BROKER: readonly Deed[] = [
	{
		name: "the broker restarts",
		weight: 4,
		run(life) {
			life.stopBroker(life.pick(2) === 0);
			life.during(900, () => life.startBroker());
		},
	},
	{
		name: "the broker ends the connection",
		weight: 4,
		run: (life) => life.rig.broker.disconnect(undefined, [undefined, 0x8b, 0x8d, 0x96][life.pick(4)]),
	},
	{
		name: "the broker hears, and says nothing",
		weight: 3,
		run(life) {
			const { broker } = life.rig;
			broker.deaf = true;
			life.during(300, () => {
				broker.deaf = false;
				broker.disconnect();
			});
		},
	},
	{
		name: "the broker lets nobody in",
		weight: 3,
		run(life) {
			const { broker } = life.rig;
			broker.refuseCode = [0x86, 0x87, 0x88, 0x97, 0x9f][life.pick(5)];
			broker.disconnect();
			life.during(600, () => {
				broker.refuseCode = undefined;
			});
		},
	},
	{
		name: "the broker acknowledges late",
		weight: 3,
		run(life) {
			const { broker } = life.rig;
			broker.holdAcks = true;
			life.during(200, () => broker.releaseAcks());
		},
	},
	{
		name: "the broker has no room for messages",
		weight: 2,
		run(life) {
			const { broker } = life.rig;
			life.refusals++;
			broker.pubackCode = [0x80, 0x83, 0x97][life.pick(3)] as number;
			life.during(200, () => {
				broker.pubackCode = 0;
			});
		},
	},
	{
		name: "the broker takes no subscriptions",
		weight: 1,
		run(life) {
			const { broker } = life.rig;
			broker.subackCode = () => 0x80;
			broker.disconnect();
			life.during(300, () => {
				broker.subackCode = undefined;
				broker.disconnect();
			});
		},
	},
	{
		name: "somebody else has the device's name",
		weight: 1,
		run: (life) => life.rig.broker.disconnect(undefined, 0x8e),
	},
];

const BOARD: readonly Deed[] = [
	{
		name: "the chip does not answer",
		weight: 3,
		run(life) {
			life.rig.air.silent = true;
			life.during(400, () => {
				life.rig.air.silent = false;
			});
		},
	},
	{
		name: "a transaction of the chip fails",
		weight: 4,
		run: (life) => life.rig.air.failAt(life.pick(6)),
	},
	{
		name: "the soil is wet or dry",
		weight: 4,
		run(life) {
			life.rig.pin("soil").fraction = 0.35 + 0.45 * life.world.random();
		},
	},
	{
		name: "the door moves, and its contact bounces",
		weight: 4,
		run(life) {
			const door = life.rig.pin("door");
			for (let i = 0; i < 5; i++) {
				door.drive(i % 2 === 0 ? 0 : 1);
				life.world.advance(life.pick(20));
			}
			door.drive(life.pick(2) === 0 ? 0 : 1);
		},
	},
	{
		name: "somebody presses the button",
		weight: 8,
		run(life) {
			const boot = life.boots.at(-1);
			const moves = boot?.levels.length ?? 0;
			life.rig.press("key");
			const isStill = boot === life.boots.at(-1) && boot?.levels.length === moves;
			if (isStill) life.accuse("the button was pressed, and the pump did not move at once");
		},
	},
	{
		name: "somebody holds the button",
		weight: 2,
		run: (life) => void life.rig.press("key", 1_500),
	},
	{
		name: "the date jumps",
		weight: 1,
		run(life) {
			life.dateJumped = true;
			life.rig.board.clock.step((life.pick(2) === 0 ? 1 : -1) * life.pick(100_000_000));
		},
	},
];

const POWER: readonly Deed[] = [
	{
		name: "the power goes",
		weight: 4,
		run: (life) => life.reset((["power", "crash", "watchdog", "brownout"] as const)[life.pick(4)] as "power"),
	},
	{
		name: "the power goes while flash is written",
		weight: 4,
		run(life) {
			const cut = (): void => void life.world.after(0, () => life.reset("power"));
			life.flash.cutPowerAfter(life.pick(600), cut);
			life.during(900, () => {
				if (!life.flash.isDead) life.flash.reset();
			});
		},
	},
	{
		name: "the power goes while a value is stored",
		weight: 2,
		run(life) {
			const { store } = life.rig.board;
			store.cutPowerAt(life.pick(3), life.pick(2) === 0 ? "before" : "after", () =>
				life.world.after(0, () => life.reset("power")),
			);
		},
	},
	{
		name: "flash fails",
		weight: 2,
		run(life) {
			life.flash.broken = true;
			life.during(300, () => {
				life.flash.broken = false;
			});
		},
	},
];

/** All that can happen in this climate. */
export function deedsOf(climate: Climate): readonly Deed[] {
	const always = [...NETWORK, ...BROKER, ...BOARD, ...OWNER, ...STRANGERS];
	return climate === "mild" ? always : [...always, ...POWER];
}
