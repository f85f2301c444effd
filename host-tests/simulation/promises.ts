import type { Boot, Life } from "./life.js";
import { FORBIDDEN } from "./people.js";

/** So many samples may be in memory only when the power goes, and be lost uncounted; the cut itself is told. */
const UNSAVED_MAX = 64;
/** What a time server's answer may be off on a slow line, twice. */
const CLOCK_MS = 4_000;

/** What was promised and did not hold in this life, one sentence each; none is what everybody wants. */
export function brokenPromises(life: Life): string[] {
	return [
		...life.broken,
		...life.rig.broker.violations.map((what) => `it broke MQTT: ${what}`),
		...internalErrors(life),
		...forbiddenMoves(life),
		...firstLevels(life),
		...untoldMoves(life),
		...miscounted(life),
		...wrongTimes(life),
		...wrongStates(life),
	];
}

function internalErrors({ rig }: Life): string[] {
	return rig
		.json("event")
		.filter(({ reason }) => String(reason).startsWith("internal error"))
		.map(({ reason }) => String(reason));
}

/** No retained, expired or malformed command moves anything. */
function forbiddenMoves({ rig }: Life): string[] {
	const lamps = rig.texts("lamp/state").filter((text) => text.includes(`:${FORBIDDEN.brightness}}`));
	const targets = rig.texts("target/state").filter((text) => Number(text) === FORBIDDEN.target);
	return [...lamps, ...targets].map((text) => `a command that must not be carried out was: ${text}`);
}

/** The first level that an output ever shows is its safe state. */
function firstLevels({ boots }: Life): string[] {
	return boots.filter(({ levels }) => levels[0] !== 1).map(({ number }) => `start ${number} began with the pump on`);
}

/** Every move of an output is told, with its reason, in order. */
function untoldMoves(life: Life): string[] {
	const { rig, boots } = life;
	const { dropped = 0 } = rig.running?.outbox.event ?? {};
	const told = new Map<number, string[]>();
	for (const { boot, entity, event, to, why } of eventsOf(rig)) {
		if (entity !== "pump" || event !== "changed") continue;
		if (typeof why !== "string" || why === "") return [`a move of the pump in start ${boot} has no reason`];
		told.set(Number(boot), [...(told.get(Number(boot)) ?? []), String(to)]);
	}
	return boots.flatMap((boot) => {
		const events = told.get(boot.number) ?? [];
		const moves = movesOf(boot);
		const [seen, said] = [moves.join(" "), events.join(" ")];
		const whole = !boot.cut && dropped === 0;
		const fits = whole ? said === seen || said === moves.slice(0, -1).join(" ") : isPart(events, moves);
		return fits ? [] : [`in start ${boot.number} the pump went ${seen}, and was said to go ${said}`];
	});
}

/** Every event that came, once, by its number. */
function eventsOf(rig: Life["rig"]): Record<string, unknown>[] {
	const all = new Map(rig.json("event").map((event) => [`${event.boot}/${event.seq}`, event]));
	return [...all.values()].sort((a, b) => Number(a.seq) - Number(b.seq));
}

/** A restart that was asked for ends in the safe state, and needs no event: its result says it. */
function movesOf({ levels }: Boot): string[] {
	return levels.slice(1).map((level) => (level === 0 ? "ON" : "OFF"));
}

function isPart(part: readonly string[], whole: readonly string[]): boolean {
	let at = 0;
	for (const one of whole) if (one === part[at]) at++;
	return at === part.length;
}

/** Samples produced are samples received, and samples counted as lost; a number stands for one measurement only. */
function miscounted(life: Life): string[] {
	const { rig, boots, climate, refusals } = life;
	const received = new Map<string, string>();
	const last = new Map<number, number>();
	for (const { boot, samples } of rig.json("telemetry")) {
		for (const { seq, values } of samples as { seq: number; values: object }[]) {
			const [name, text] = [`${boot}/${seq}`, JSON.stringify(values)];
			if ((received.get(name) ?? text) !== text) return [`sample ${name} came with two different values`];
			received.set(name, text);
			last.set(Number(boot), Math.max(last.get(Number(boot)) ?? 0, seq));
		}
	}
	const produced = [...last.values()].reduce((sum, seq) => sum + seq, 0);
	const missing = produced - received.size;
	const { dropped = 0 } = rig.running?.outbox.telemetry ?? {};
	const cuts = boots.filter(({ cut }) => cut).length;
	// What came, was not acknowledged, was sent again and then refused, counts as lost and is not; so does what had to give
	// way in flash after a power cut, and was acknowledged before.
	const doubtful = (refusals + cuts) * UNSAVED_MAX;
	const most = climate === "mild" ? dropped : dropped + cuts * UNSAVED_MAX;
	const fits = missing <= most && dropped - missing <= doubtful;
	return fits ? [] : [`of ${produced} samples ${missing} are missing, and ${dropped} were said to be, in ${cuts} cuts`];
}

/** A measurement has the time at which it was made, also when that was worked out later; nobody made the date jump here. */
function wrongTimes({ rig, dateJumped }: Life): string[] {
	if (dateJumped) return [];
	const times = new Map<string, { readonly seq: number; readonly time: number }[]>();
	for (const { boot, samples } of rig.json("telemetry")) {
		const list = times.get(String(boot)) ?? [];
		times.set(String(boot), list);
		for (const { seq, time } of samples as { seq: number; time: number | null }[])
			if (time !== null) list.push({ seq, time });
	}
	const { beginMs, trueMs } = rig.board.world;
	return [...times].flatMap(([boot, list]) => {
		list.sort((a, b) => a.seq - b.seq);
		const wrong = list.find(({ time }, i) => {
			const before = list[i - 1]?.time ?? beginMs;
			return time < before - CLOCK_MS || time > trueMs + CLOCK_MS;
		});
		return wrong === undefined
			? []
			: [`sample ${boot}/${wrong.seq} was not made at ${new Date(wrong.time).toISOString()}`];
	});
}

/** What the broker keeps is how things are. */
function wrongStates({ rig }: Life): string[] {
	const kept = (topic: string): string | undefined => rig.broker.textOf(`farpin/greenhouse/${topic}`);
	const wrong: string[] = [];
	if (kept("status") !== "online") wrong.push(`its status is kept as ${kept("status")}`);
	if (kept("pump/state") !== (rig.pumpOn ? "ON" : "OFF"))
		wrong.push(`the pump's state is kept as ${kept("pump/state")}`);
	for (const topic of ["about", "health"])
		if (!rig.broker.retained.has(`farpin/greenhouse/${topic}`)) wrong.push(`${topic} is not kept`);
	for (const topic of ["target/state", "lamp/state", "door/state"])
		if (kept(topic) === undefined) wrong.push(`${topic} is not kept`);
	for (const topic of ["air-temperature/state", "soil/state"])
		if (!(Number(kept(topic)) >= 0)) wrong.push(`${topic} is kept as ${kept(topic)}`);
	return wrong;
}
